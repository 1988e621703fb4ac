// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICheckpointRegistry, LogId} from "./interfaces/ICheckpointRegistry.sol";
import {MerkleLog} from "./libraries/MerkleLog.sol";

/// @title Append-only logs, kept append-only
/// @notice See ICheckpointRegistry.
contract CheckpointRegistry is ICheckpointRegistry {
    struct Log {
        address operator;
        uint64 size;
        address proposedOperator;
    }

    // Evidence carries proofs of these slots, so their places never change: _logs is slot 0, _roots is slot 1.
    mapping(LogId logId => Log) private _logs;
    mapping(LogId logId => mapping(uint64 size => bytes32 root)) private _roots;

    /// @inheritdoc ICheckpointRegistry
    function createLog(string calldata origin) external returns (LogId logId) {
        if (bytes(origin).length == 0) revert OriginEmpty();
        logId = logIdOf(msg.sender, origin);
        if (_logs[logId].operator != address(0)) revert LogAlreadyCreated(logId);
        _logs[logId].operator = msg.sender;
        emit LogCreated(logId, msg.sender, origin);
    }

    /// @inheritdoc ICheckpointRegistry
    function anchor(
        LogId logId,
        uint64 size,
        bytes32 root,
        bytes32[] calldata consistencyProof
    ) external {
        Log storage log = _operatedLog(logId);
        if (size == 0 || root == 0) revert CheckpointEmpty(logId, size, root);
        uint64 anchoredSize = log.size;
        if (size < anchoredSize) revert CheckpointOutdated(logId, size, anchoredSize);
        bytes32 anchoredRoot = _rootAt(logId, anchoredSize);
        if (size == anchoredSize) {
            if (root != anchoredRoot) revert CheckpointForked(logId, size, root, anchoredRoot);
            return;
        }
        MerkleLog.verifyConsistency(anchoredSize, anchoredRoot, size, root, consistencyProof);
        log.size = size;
        _roots[logId][size] = root;
        emit CheckpointAnchored(logId, size, root);
    }

    /// @inheritdoc ICheckpointRegistry
    function proposeOperator(LogId logId, address successor) external {
        _operatedLog(logId).proposedOperator = successor;
        emit OperatorProposed(logId, msg.sender, successor);
    }

    /// @inheritdoc ICheckpointRegistry
    function acceptOperator(LogId logId) external {
        Log storage log = _logs[logId];
        if (msg.sender != log.proposedOperator) revert NotProposedOperator(logId, msg.sender);
        address operator = log.operator;
        log.operator = msg.sender;
        log.proposedOperator = address(0);
        emit OperatorReplaced(logId, operator, msg.sender);
    }

    /// @inheritdoc ICheckpointRegistry
    function logIdOf(address creator, string calldata origin) public pure returns (LogId) {
        return LogId.wrap(keccak256(abi.encode(creator, origin)));
    }

    /// @inheritdoc ICheckpointRegistry
    function operatorOf(LogId logId) external view returns (address) {
        return _logs[logId].operator;
    }

    /// @inheritdoc ICheckpointRegistry
    function proposedOperatorOf(LogId logId) external view returns (address) {
        return _logs[logId].proposedOperator;
    }

    /// @inheritdoc ICheckpointRegistry
    function rootAt(LogId logId, uint64 size) external view returns (bytes32) {
        return _roots[logId][size];
    }

    /// @inheritdoc ICheckpointRegistry
    function latest(LogId logId) external view returns (uint64 size, bytes32 root) {
        Log storage log = _logs[logId];
        if (log.operator == address(0)) revert LogUnknown(logId);
        size = log.size;
        root = _rootAt(logId, size);
    }

    /// @inheritdoc ICheckpointRegistry
    function verifyInclusion(
        LogId logId,
        uint64 size,
        uint64 index,
        bytes32 leafHash,
        bytes32[] calldata proof
    ) external view {
        bytes32 root = _roots[logId][size];
        if (root == 0) revert CheckpointNotAnchored(logId, size);
        MerkleLog.verifyInclusion(leafHash, index, size, proof, root);
    }

    function _operatedLog(LogId logId) private view returns (Log storage log) {
        log = _logs[logId];
        address operator = log.operator;
        if (operator == address(0)) revert LogUnknown(logId);
        if (msg.sender != operator) revert NotOperator(logId, msg.sender);
    }

    function _rootAt(LogId logId, uint64 size) private view returns (bytes32) {
        return size == 0 ? MerkleLog.EMPTY_ROOT : _roots[logId][size];
    }
}
