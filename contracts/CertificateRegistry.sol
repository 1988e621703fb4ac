// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {
    CertificateId,
    ICertificateRegistry,
    StatusChange,
    StatusCode
} from "./interfaces/ICertificateRegistry.sol";
import {CertificateType, IPartyRegistry, Role} from "./interfaces/IPartyRegistry.sol";
import {SignedActs} from "./libraries/SignedActs.sol";

/// @title The status of certificates, by issuer, with history
/// @notice See ICertificateRegistry.
contract CertificateRegistry is ICertificateRegistry, SignedActs {
    bytes32 private constant STATUS_CHANGE = keccak256(
        "StatusChange(address issuer,bytes32 certificateType,bytes32 serial,uint8 status,uint64 sequence)"
    );

    // Which codes may follow a code: nine bits for each code, of which bit n allows code n. 99 counts as 8.
    uint256 private constant MAY_FOLLOW =
        0x1fc | (0x1fc << 9) | (0x1fa << 18) | (0x1ba << 54) | (0x0b8 << 72);

    // Changes are kept four to a slot, so that the first, which most certificates never go beyond, costs one slot:
    // 56 bits each, code below time, the first lowest. The top 32 bits of page 0 count the changes.
    uint256 private constant PER_PAGE = 4;
    uint256 private constant CHANGE_BITS = 56;
    uint256 private constant COUNT_AT = 224;

    IPartyRegistry private immutable _parties;

    mapping(CertificateId => mapping(uint256 page => uint256 changes)) private _pages;

    constructor(IPartyRegistry parties_) {
        _parties = parties_;
    }

    /// @inheritdoc ICertificateRegistry
    function changeStatus(StatusChange calldata change, bytes calldata signature) public {
        CertificateId certificate = _idOf(change);
        mapping(uint256 page => uint256 changes) storage pages = _pages[certificate];
        uint256 first = pages[0];
        uint256 count = first >> COUNT_AT;
        if (change.sequence != count)
            revert SequenceMismatch(certificate, uint64(count), change.sequence);
        StatusCode current = count == 0 ? StatusCode.wrap(0) : _codeAt(certificate, count - 1);
        if (!_mayFollow(current, change.status))
            revert StatusChangeRefused(certificate, current, change.status);
        _authorize(
            _parties.accountAs(change.issuer, Role.Issuer, change.certificateType),
            _hashOf(change),
            signature
        );
        _record(pages, first, count, change.status);
        emit StatusChanged(change.issuer, certificate, change.status);
    }

    /// @inheritdoc ICertificateRegistry
    function changeStatuses(StatusChange[] calldata changes, bytes[] calldata signatures) external {
        if (changes.length != signatures.length)
            revert SignaturesMissing(changes.length, signatures.length);
        for (uint256 i = 0; i < changes.length; ++i) changeStatus(changes[i], signatures[i]);
    }

    /// @inheritdoc ICertificateRegistry
    function certificateIdOf(
        address issuer,
        CertificateType certificateType,
        bytes32 serial
    ) external pure returns (CertificateId) {
        return CertificateId.wrap(keccak256(abi.encode(issuer, certificateType, serial)));
    }

    /// @inheritdoc ICertificateRegistry
    function statusOf(CertificateId certificate) external view returns (StatusCode) {
        uint256 count = changesOf(certificate);
        return count == 0 ? StatusCode.wrap(0) : _codeAt(certificate, count - 1);
    }

    /// @inheritdoc ICertificateRegistry
    function statusAt(CertificateId certificate, uint48 time) external view returns (StatusCode) {
        for (uint256 count = changesOf(certificate); count > 0; --count) {
            uint256 change = _changeAt(certificate, count - 1);
            if (uint48(change >> 8) <= time) return StatusCode.wrap(uint8(change));
        }
        return StatusCode.wrap(0);
    }

    /// @inheritdoc ICertificateRegistry
    function changesOf(CertificateId certificate) public view returns (uint64) {
        return uint64(_pages[certificate][0] >> COUNT_AT);
    }

    /// @inheritdoc ICertificateRegistry
    function parties() external view returns (IPartyRegistry) {
        return _parties;
    }

    function _record(
        mapping(uint256 page => uint256 changes) storage pages,
        uint256 first,
        uint256 count,
        StatusCode status
    ) private {
        unchecked {
            uint256 change = (block.timestamp << 8) | StatusCode.unwrap(status);
            uint256 placed = change << ((count % PER_PAGE) * CHANGE_BITS);
            first += 1 << COUNT_AT;
            if (count < PER_PAGE) first |= placed;
            else pages[count / PER_PAGE] |= placed;
        }
        pages[0] = first;
    }

    function _codeAt(CertificateId certificate, uint256 i) private view returns (StatusCode) {
        return StatusCode.wrap(uint8(_changeAt(certificate, i)));
    }

    function _changeAt(CertificateId certificate, uint256 i) private view returns (uint256) {
        return _pages[certificate][i / PER_PAGE] >> ((i % PER_PAGE) * CHANGE_BITS);
    }

    function _mayFollow(StatusCode current, StatusCode next) private pure returns (bool) {
        uint256 from = StatusCode.unwrap(current);
        uint256 to = StatusCode.unwrap(next);
        if (from == 99) from = 8;
        if (to == 99) to = 8;
        else if (to > 7) return false;
        return (MAY_FOLLOW >> (from * 9 + to)) & 1 == 1;
    }

    /// @dev certificateIdOf, whose fields come first in the act. Straight from calldata, this and the next hash cost 440
    /// gas less than with abi.encode.
    function _idOf(StatusChange calldata change) private pure returns (CertificateId certificate) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, change, 0x60)
            certificate := keccak256(free, 0x60)
        }
    }

    /// @dev keccak256(abi.encode(STATUS_CHANGE, change)). A field with stray bits reverts where it is read.
    function _hashOf(StatusChange calldata change) private pure returns (bytes32 structHash) {
        bytes32 typeHash = STATUS_CHANGE;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), change, 0xa0)
            structHash := keccak256(free, 0xc0)
        }
    }
}
