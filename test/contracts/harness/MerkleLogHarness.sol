// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {MerkleLog} from "../../../contracts/libraries/MerkleLog.sol";

/// @dev Gives tests a way to call the library by itself.
contract MerkleLogHarness {
    function verifyInclusion(
        bytes32 leafHash,
        uint64 index,
        uint64 size,
        bytes32[] calldata proof,
        bytes32 root
    ) external view {
        MerkleLog.verifyInclusion(leafHash, index, size, proof, root);
    }

    function verifyConsistency(
        uint64 oldSize,
        bytes32 oldRoot,
        uint64 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) external view {
        MerkleLog.verifyConsistency(oldSize, oldRoot, newSize, newRoot, proof);
    }

    function emptyRoot() external pure returns (bytes32) {
        return MerkleLog.EMPTY_ROOT;
    }
}
