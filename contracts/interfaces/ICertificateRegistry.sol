// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CertificateType, IPartyRegistry} from "./IPartyRegistry.sol";

/// @dev keccak256(abi.encode(issuer, certificateType, serial)): an issuer that lies about the type speaks of a
/// certificate that nobody holds.
type CertificateId is bytes32;

/// @dev 01 valid · 02 suspended · 03 rescinded · 04 cancelled · 05 lapsed · 06 transferred out · 07 revoked · 99 other.
/// 00 is no status, only the absence of a recorded one: the certificate stands as it was issued, if it was issued.
type StatusCode is uint8;

/// @dev `serial` is the commitment of the statement that issued the certificate. `sequence` is the number of changes
/// recorded before, so that a signature counts once and in order.
struct StatusChange {
    address issuer;
    CertificateType certificateType;
    bytes32 serial;
    StatusCode status;
    uint64 sequence;
}

/// @title The status of certificates, by issuer, with history
/// @notice Issuing needs no transaction: it is an entry of the log. What becomes of a certificate stands here.
/// 01, or nothing recorded, may change to any other code; 02 and 06 may return to 01; 03, 04, 05 and 07 are final;
/// 99 may only become final.
interface ICertificateRegistry {
    /// @notice The issuer changed the status.
    event StatusChanged(
        address indexed issuer,
        CertificateId indexed certificate,
        StatusCode status
    );

    /// @notice No change leads from one code to the other.
    error StatusChangeRefused(CertificateId certificate, StatusCode from, StatusCode to);

    /// @notice Another number of changes is recorded than the act says.
    error SequenceMismatch(CertificateId certificate, uint64 expected, uint64 given);

    /// @notice As many signatures as changes are needed.
    error SignaturesMissing(uint256 changes, uint256 signatures);

    /// @notice Records a change, by the issuing department's account, which must be accredited to issue the type.
    /// @param signature EIP-712, by that account; empty when it is the caller.
    function changeStatus(StatusChange calldata change, bytes calldata signature) external;

    /// @notice Records several changes, all or none.
    function changeStatuses(StatusChange[] calldata changes, bytes[] calldata signatures) external;

    /// @notice The id under which an issuer's certificate is recorded.
    function certificateIdOf(
        address issuer,
        CertificateType certificateType,
        bytes32 serial
    ) external pure returns (CertificateId);

    /// @notice The latest recorded code, 00 if none.
    function statusOf(CertificateId certificate) external view returns (StatusCode);

    /// @notice The code recorded at a time, seconds since 1970; 00 if none was by then.
    function statusAt(CertificateId certificate, uint48 time) external view returns (StatusCode);

    /// @notice How many changes are recorded, which is the sequence of the next.
    function changesOf(CertificateId certificate) external view returns (uint64);

    /// @notice Who is accredited to issue.
    function parties() external view returns (IPartyRegistry);
}
