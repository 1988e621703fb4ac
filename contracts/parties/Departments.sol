// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {
    Accreditation,
    CertificateType,
    IPartyRegistry,
    Rekeying,
    Role,
    Standing,
    StandingChange,
    TypesChange
} from "../interfaces/IPartyRegistry.sol";
import {Period, Periods} from "../libraries/Periods.sol";
import {SignedActs} from "../libraries/SignedActs.sol";

/// @title The departments of the party registry
/// @notice See IPartyRegistry.
abstract contract Departments is IPartyRegistry, SignedActs {
    using Checkpoints for Checkpoints.Trace160;
    using Checkpoints for Checkpoints.Trace208;
    using Periods for Period;
    using Periods for Period[];

    /// @dev One slot, the only one that a check reads of a department above.
    struct Department {
        address accreditor;
        uint16 flags;
        uint40 notBefore;
        uint40 notAfter;
    }

    // Flags: the rights in the low byte, then standing.
    uint16 private constant EVERY_TYPE = 1 << 5;
    uint16 private constant RIGHTS = (1 << 6) - 1;
    uint16 private constant KNOWN = 1 << 8;
    uint16 private constant SUSPENDED = 1 << 9;
    uint16 private constant WITHDRAWN = 1 << 10;
    uint16 private constant REKEYED = 1 << 11;

    // A department's slot, read as one word: the accreditor, then the terms, which are the flags and the window.
    uint256 private constant TERMS_AT = 160;
    uint256 private constant NOT_BEFORE_AT = 16;
    uint256 private constant NOT_AFTER_AT = 56;

    uint256 private constant MAX_LEVELS = 8;

    bytes32 private constant ACCREDITATION = keccak256(
        "Accreditation(address accreditor,address department,uint16 rights,uint40 notBefore,uint40 notAfter,uint64 nonce)"
    );
    bytes32 private constant TYPES_CHANGE = keccak256(
        "TypesChange(address accreditor,address department,bytes32[] types,bool permitted,uint64 nonce)"
    );
    bytes32 private constant STANDING_CHANGE = keccak256(
        "StandingChange(address accreditor,address department,uint8 standing,uint64 nonce)"
    );
    bytes32 private constant REKEYING = keccak256(
        "Rekeying(address accreditor,address department,address account,uint64 nonce)"
    );
    address private immutable _authority;

    mapping(address department => Department) private _departments;
    /// @dev The terms as they were: the past is asked for rarely and pays for itself.
    mapping(address department => Checkpoints.Trace208) private _pastTerms;
    mapping(address department => Checkpoints.Trace160) private _accounts;
    mapping(address department => uint64) private _nonces;
    mapping(address department => mapping(CertificateType => Period)) private _types;
    mapping(address department => mapping(CertificateType => Period[])) private _formerTypes;
    constructor(address authority_) {
        if (authority_ == address(0)) revert AddressZero();
        _authority = authority_;
        _departments[authority_] = Department(address(0), KNOWN | RIGHTS, 0, type(uint40).max);
        _keepTerms(authority_);
        emit DepartmentAccredited(authority_, address(0), RIGHTS, 0, type(uint40).max);
    }

    /// @inheritdoc IPartyRegistry
    function accredit(
        Accreditation calldata accreditation,
        bytes calldata signature,
        bytes calldata accountSignature
    ) external {
        address department = accreditation.department;
        bytes32 structHash = _hashOf(accreditation);
        _actAs(accreditation.accreditor, accreditation.nonce, structHash, signature);
        if (department == address(0)) revert AddressZero();
        Department storage known = _departments[department];
        if (known.flags == 0) {
            if (_levelOf(accreditation.accreditor) == MAX_LEVELS)
                revert TooManyLevels(department, MAX_LEVELS);
            _authorize(department, structHash, accountSignature);
            known.accreditor = accreditation.accreditor;
        } else {
            _requireAbove(accreditation.accreditor, department);
            if (known.flags & WITHDRAWN != 0) revert DepartmentWithdrawn(department);
        }
        _requireNarrower(accreditation, _departments[known.accreditor]);
        known.flags = (known.flags & ~RIGHTS) | KNOWN | accreditation.rights;
        known.notBefore = accreditation.notBefore;
        known.notAfter = accreditation.notAfter;
        _keepTerms(department);
        emit DepartmentAccredited(
            department,
            known.accreditor,
            accreditation.rights,
            accreditation.notBefore,
            accreditation.notAfter
        );
    }

    /// @inheritdoc IPartyRegistry
    function permitTypes(TypesChange calldata change, bytes calldata signature) external {
        _actAs(change.accreditor, change.nonce, _hashOf(change), signature);
        _requireAbove(change.accreditor, change.department);
        address above = _departments[change.department].accreditor;
        for (uint256 i = 0; i < change.types.length; ++i) {
            CertificateType certificateType = change.types[i];
            if (change.permitted && !_mayIssueNow(above, certificateType))
                revert TypeWidened(change.department, certificateType);
            _permit(change.department, certificateType, change.permitted);
        }
    }

    /// @inheritdoc IPartyRegistry
    function changeStanding(StandingChange calldata change, bytes calldata signature) external {
        address department = change.department;
        _actAs(change.accreditor, change.nonce, _hashOf(change), signature);
        _requireAbove(change.accreditor, department);
        Department storage known = _departments[department];
        if (known.flags & WITHDRAWN != 0) revert DepartmentWithdrawn(department);
        known.flags &= ~SUSPENDED;
        if (change.standing == Standing.Suspended) known.flags |= SUSPENDED;
        if (change.standing == Standing.Withdrawn) known.flags |= WITHDRAWN;
        _keepTerms(department);
        emit StandingChanged(department, change.standing);
    }

    /// @inheritdoc IPartyRegistry
    function rekey(
        Rekeying calldata rekeying,
        bytes calldata signature,
        bytes calldata accountSignature
    ) external {
        address department = rekeying.department;
        bytes32 structHash = _hashOf(rekeying);
        _actAs(rekeying.accreditor, rekeying.nonce, structHash, signature);
        if (rekeying.accreditor != department) _requireAbove(rekeying.accreditor, department);
        _authorize(rekeying.account, structHash, accountSignature);
        _departments[department].flags |= REKEYED;
        _accounts[department].push(uint96(block.timestamp), uint160(rekeying.account));
        emit DepartmentRekeyed(department, rekeying.account);
    }

    /// @inheritdoc IPartyRegistry
    function isAccredited(
        address department,
        Role role,
        CertificateType certificateType,
        uint48 time
    ) external view returns (bool) {
        uint16 rights = _rightTo(role);
        return
            time < block.timestamp
                ? _hadRights(department, rights, certificateType, time)
                : _hasRights(department, rights, certificateType, time);
    }

    /// @inheritdoc IPartyRegistry
    function accountAs(
        address department,
        Role role,
        CertificateType certificateType
    ) external view returns (address) {
        uint256 word = _wordOf(department);
        if (!_isAllowed(department, word, _rightTo(role), certificateType, block.timestamp))
            revert NotAccredited(department, role, certificateType);
        return _accountOf(department, word);
    }

    /// @inheritdoc IPartyRegistry
    function accountOf(address department) public view returns (address) {
        return _accountOf(department, _wordOf(department));
    }

    /// @inheritdoc IPartyRegistry
    function accountOfAt(address department, uint48 time) external view returns (address) {
        uint160 account = _accounts[department].upperLookupRecent(time);
        return account == 0 ? department : address(account);
    }

    /// @inheritdoc IPartyRegistry
    function accreditorOf(address department) public view returns (address) {
        return _departments[department].accreditor;
    }

    /// @inheritdoc IPartyRegistry
    function authority() external view returns (address) {
        return _authority;
    }

    /// @inheritdoc IPartyRegistry
    function nonceOf(address department) external view returns (uint64) {
        return _nonces[department];
    }

    /// @dev Every act: by a department in good standing, once, in order, by its account.
    function _actAs(
        address department,
        uint64 nonce,
        bytes32 structHash,
        bytes calldata signature
    ) internal {
        uint256 word = _wordOf(department);
        if (!_isAllowed(department, word, 0, CertificateType.wrap(0), block.timestamp))
            revert NotInGoodStanding(department);
        uint64 expected = _nonces[department]++;
        if (nonce != expected) revert NonceMismatch(department, expected, nonce);
        _authorize(_accountOf(department, word), structHash, signature);
    }

    function _permit(address department, CertificateType certificateType, bool permitted) private {
        Period storage known = _types[department][certificateType];
        bool held = known.from != 0 && known.until == 0;
        if (held == permitted) return;
        if (permitted) {
            if (known.from != 0) _formerTypes[department][certificateType].push(known);
            (known.from, known.until) = (uint48(block.timestamp), 0);
        } else {
            known.until = uint48(block.timestamp);
        }
        emit CertificateTypePermitted(department, certificateType, permitted);
    }

    function _keepTerms(address department) private {
        uint208 terms = uint208(_wordOf(department) >> TERMS_AT);
        _pastTerms[department].push(uint48(block.timestamp), terms);
    }

    function _hasRights(
        address department,
        uint16 rights,
        CertificateType certificateType,
        uint256 time
    ) internal view returns (bool) {
        return _isAllowed(department, _wordOf(department), rights, certificateType, time);
    }

    /// @dev Walks up: each department in good standing, in its window, with the rights and the type.
    /// @param word The slot of `department`, which callers need for its account too.
    function _isAllowed(
        address department,
        uint256 word,
        uint16 rights,
        CertificateType certificateType,
        uint256 time
    ) private view returns (bool) {
        uint256 needed = rights | KNOWN;
        bool anyType = _isNone(certificateType);
        while (department != _authority) {
            uint256 terms = word >> TERMS_AT;
            if (!_allows(terms, needed, time)) return false;
            if (
                !anyType &&
                terms & EVERY_TYPE == 0 &&
                !_types[department][certificateType].covers(time)
            ) return false;
            department = address(uint160(word));
            if (department == _authority) break;
            word = _wordOf(department);
        }
        return true;
    }

    /// @dev The same walk over what was recorded by then.
    function _hadRights(
        address department,
        uint16 rights,
        CertificateType certificateType,
        uint48 time
    ) private view returns (bool) {
        uint256 needed = rights | KNOWN;
        for (; department != address(0); department = _departments[department].accreditor) {
            uint256 terms = _pastTerms[department].upperLookupRecent(time);
            if (!_allows(terms, needed, time)) return false;
            if (
                !_isNone(certificateType) &&
                terms & EVERY_TYPE == 0 &&
                !_types[department][certificateType].covers(time) &&
                !_formerTypes[department][certificateType].cover(time)
            ) return false;
        }
        return true;
    }

    function _mayIssueNow(
        address department,
        CertificateType certificateType
    ) private view returns (bool) {
        return
            _departments[department].flags & EVERY_TYPE != 0 ||
            _types[department][certificateType].covers(block.timestamp);
    }

    function _requireAbove(address accreditor, address department) private view {
        address above = _departments[department].accreditor;
        if (above == address(0) && department != _authority) revert DepartmentUnknown(department);
        for (; above != accreditor; above = _departments[above].accreditor) {
            if (above == address(0)) revert NotAbove(accreditor, department);
        }
    }

    function _requireNarrower(
        Accreditation calldata asked,
        Department storage accreditor
    ) private view {
        uint16 rights = accreditor.flags & RIGHTS;
        if (asked.rights & ~rights != 0)
            revert RightsWidened(asked.department, asked.rights, rights);
        if (
            asked.notBefore > asked.notAfter ||
            asked.notBefore < accreditor.notBefore ||
            asked.notAfter > accreditor.notAfter
        ) revert WindowWidened(asked.department, asked.notBefore, asked.notAfter);
    }

    /// @dev The authority is level 0.
    function _levelOf(address department) private view returns (uint256 level) {
        for (; department != _authority; ++level) department = _departments[department].accreditor;
    }

    function _allows(uint256 terms, uint256 needed, uint256 time) private pure returns (bool) {
        if (terms & (needed | SUSPENDED | WITHDRAWN) != needed) return false;
        return time >= uint40(terms >> NOT_BEFORE_AT) && time <= terms >> NOT_AFTER_AT;
    }

    function _accountOf(address department, uint256 word) private view returns (address) {
        bool rekeyed = (word >> TERMS_AT) & REKEYED != 0;
        return rekeyed ? address(_accounts[department].latest()) : department;
    }

    /// @dev Measured: a level of a check costs 2,560 gas, 2,860 with the struct read into memory.
    function _wordOf(address department) private view returns (uint256 word) {
        Department storage known = _departments[department];
        assembly ("memory-safe") {
            word := sload(known.slot)
        }
    }

    function _rightTo(Role role) internal pure returns (uint16) {
        return uint16(1) << uint8(role);
    }

    function _isNone(CertificateType certificateType) private pure returns (bool) {
        return CertificateType.unwrap(certificateType) == 0;
    }

    function _hashOf(Accreditation calldata act) private pure returns (bytes32) {
        return keccak256(abi.encode(ACCREDITATION, act));
    }

    function _hashOf(TypesChange calldata act) private pure returns (bytes32) {
        bytes32 types = keccak256(abi.encodePacked(act.types));
        return
            keccak256(
                abi.encode(
                    TYPES_CHANGE,
                    act.accreditor,
                    act.department,
                    types,
                    act.permitted,
                    act.nonce
                )
            );
    }

    function _hashOf(StandingChange calldata act) private pure returns (bytes32) {
        return keccak256(abi.encode(STANDING_CHANGE, act));
    }

    function _hashOf(Rekeying calldata act) private pure returns (bytes32) {
        return keccak256(abi.encode(REKEYING, act));
    }
}
