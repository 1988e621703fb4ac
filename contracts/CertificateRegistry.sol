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

    // Which codes may follow a code: bit n allows code n, bit 8 allows 99.
    uint256 private constant AFTER_VALID = 0x1fc;
    uint256 private constant AFTER_SUSPENDED = 0x1fa;
    uint256 private constant AFTER_TRANSFERRED = 0x1ba;
    uint256 private constant AFTER_OTHER = 0x0b8;

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
        CertificateId certificate = certificateIdOf(
            change.issuer,
            change.certificateType,
            change.serial
        );
        uint256 first = _pages[certificate][0];
        uint256 count = first >> COUNT_AT;
        if (change.sequence != count)
            revert SequenceMismatch(certificate, uint64(count), change.sequence);
        StatusCode current = count == 0 ? StatusCode.wrap(0) : _codeAt(certificate, count - 1);
        if (!_mayFollow(current, change.status))
            revert StatusChangeRefused(certificate, current, change.status);
        _authorize(
            _parties.accountAs(change.issuer, Role.Issuer, change.certificateType),
            keccak256(abi.encode(STATUS_CHANGE, change)),
            signature
        );
        _record(certificate, first, count, change.status);
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
    ) public pure returns (CertificateId) {
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
        CertificateId certificate,
        uint256 first,
        uint256 count,
        StatusCode status
    ) private {
        uint256 change = (block.timestamp << 8) | StatusCode.unwrap(status);
        uint256 placed = change << ((count % PER_PAGE) * CHANGE_BITS);
        first += 1 << COUNT_AT;
        if (count < PER_PAGE) first |= placed;
        else _pages[certificate][count / PER_PAGE] |= placed;
        _pages[certificate][0] = first;
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
        if (to == 0 || (to > 7 && to != 99)) return false;
        uint256 bit = 1 << (to == 99 ? 8 : to);
        if (from <= 1) return AFTER_VALID & bit != 0;
        if (from == 2) return AFTER_SUSPENDED & bit != 0;
        if (from == 6) return AFTER_TRANSFERRED & bit != 0;
        if (from == 99) return AFTER_OTHER & bit != 0;
        return false;
    }
}
