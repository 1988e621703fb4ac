// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @dev keccak256(abi.encode(creator, origin)): nobody can take another's log id.
type LogId is bytes32;

/// @title Append-only logs, kept append-only
/// @notice Anchors checkpoints (size and RFC 6962 root) of logs. Each must extend the one before, which the contract
/// itself proves, so a rewritten or forked log cannot be anchored by anyone, its operator included.
/// @dev Proofs are refused with the errors of library MerkleLog.
interface ICheckpointRegistry {
    /// @notice `creator` opened a log under its own name `origin` and became its operator.
    event LogCreated(LogId indexed logId, address indexed creator, string origin);

    /// @notice A checkpoint that extends the one before was recorded.
    /// @param size Number of entries.
    /// @param root RFC 6962 Merkle tree hash, SHA-256.
    event CheckpointAnchored(LogId indexed logId, uint64 indexed size, bytes32 root);

    /// @notice `operator` named its successor; address 0 took the proposal back.
    event OperatorProposed(
        LogId indexed logId,
        address indexed operator,
        address indexed successor
    );

    /// @notice `successor` accepted and alone may anchor from now on.
    event OperatorReplaced(
        LogId indexed logId,
        address indexed operator,
        address indexed successor
    );

    /// @notice A log needs a name.
    error OriginEmpty();

    /// @notice The creator has this log already.
    error LogAlreadyCreated(LogId logId);

    /// @notice Nobody created this log.
    error LogUnknown(LogId logId);

    /// @notice `caller` does not operate this log.
    error NotOperator(LogId logId, address caller);

    /// @notice `caller` was not proposed as this log's operator.
    error NotProposedOperator(LogId logId, address caller);

    /// @notice An empty log, or one without a root, has nothing to anchor.
    error CheckpointEmpty(LogId logId, uint64 size, bytes32 root);

    /// @notice The log is anchored at more entries already.
    error CheckpointOutdated(LogId logId, uint64 size, uint64 anchoredSize);

    /// @notice Another root is anchored at this size: the log forked.
    error CheckpointForked(LogId logId, uint64 size, bytes32 root, bytes32 anchoredRoot);

    /// @notice No checkpoint of this size was anchored.
    error CheckpointNotAnchored(LogId logId, uint64 size);

    /// @notice Opens a log with the caller as operator.
    /// @param origin The C2SP checkpoint origin, fixed for the life of the log.
    function createLog(string calldata origin) external returns (LogId logId);

    /// @notice Records a checkpoint, by the log's operator.
    /// @dev The latest checkpoint again changes nothing, whatever the proof, so that an operator that lost a receipt may
    /// simply repeat itself.
    /// @param size Number of entries, not less than anchored before.
    /// @param root RFC 6962 root at that size.
    /// @param consistencyProof From the latest anchored checkpoint (RFC 9162 §2.1.4); empty for the first.
    function anchor(
        LogId logId,
        uint64 size,
        bytes32 root,
        bytes32[] calldata consistencyProof
    ) external;

    /// @notice Names who may accept to operate the log, by the operator; address 0 takes a proposal back.
    function proposeOperator(LogId logId, address successor) external;

    /// @notice Takes the log over, by the proposed operator.
    function acceptOperator(LogId logId) external;

    /// @notice The id of the log that `creator` opens or opened as `origin`.
    function logIdOf(address creator, string calldata origin) external pure returns (LogId);

    /// @notice Who anchors the log; address 0 if it does not exist.
    function operatorOf(LogId logId) external view returns (address);

    /// @notice Who may accept to operate the log; address 0 if nobody.
    function proposedOperatorOf(LogId logId) external view returns (address);

    /// @notice The anchored root at exactly `size` entries; 0 if that size was not anchored.
    function rootAt(LogId logId, uint64 size) external view returns (bytes32);

    /// @notice The latest checkpoint; before the first, size 0 and the root of the empty log.
    function latest(LogId logId) external view returns (uint64 size, bytes32 root);

    /// @notice Reverts unless `leafHash` is the entry at `index` of the log as anchored at `size`.
    /// @dev Reverts rather than answers, since a caller can forget to look at an answer. Hash the entry yourself,
    /// SHA-256(0x00 ‖ entry): a leaf hash taken from elsewhere says nothing about an entry.
    /// @param proof RFC 9162 §2.1.3, from the leaf up.
    function verifyInclusion(
        LogId logId,
        uint64 size,
        uint64 index,
        bytes32 leafHash,
        bytes32[] calldata proof
    ) external view;
}
