// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title RFC 6962 Merkle logs with SHA-256: inclusion and consistency
/// @notice A root means nothing without its size: both must come from the same signed or anchored checkpoint.
/// @dev Each error has a code of the same name in the vectors and in the TypeScript core:
/// `MerkleRootMismatch` is `MERKLE_ROOT_MISMATCH`. Checks run in one order: sizes, length of the proof, old root, new root.
library MerkleLog {
    /// @dev RFC 9162 §2.1.1: the hash of an empty log is SHA-256 of nothing.
    bytes32 internal constant EMPTY_ROOT =
        0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855;

    /// @notice `index` is no position in a log of `size` entries.
    error MerkleIndexBeyondSize(uint64 index, uint64 size);

    /// @notice A log of `newSize` entries cannot extend one of `oldSize`.
    error MerkleSizesOutOfOrder(uint64 oldSize, uint64 newSize);

    /// @notice The proof ends before the root.
    error MerkleProofTooShort(uint256 length);

    /// @notice The proof goes on after the root.
    error MerkleProofTooLong(uint256 length);

    /// @notice The proof leads to another old root.
    error MerkleOldRootMismatch(bytes32 computed, bytes32 expected);

    /// @notice The proof leads to another root.
    error MerkleRootMismatch(bytes32 computed, bytes32 expected);

    /// @notice Reverts unless `leafHash` is the leaf at `index` (from 0) of the log of `size` entries with `root`.
    /// @dev RFC 9162 §2.1.3.2, in two parts. Below where the ways to the root from `index` and from the last leaf meet,
    /// each level has a sibling. Above, the node ends the log: only where it is a right child has it a sibling.
    function verifyInclusion(
        bytes32 leafHash,
        uint64 index,
        uint64 size,
        bytes32[] calldata proof,
        bytes32 root
    ) internal view {
        if (index >= size) revert MerkleIndexBeyondSize(index, size);
        uint256 node = index;
        uint256 last = size - 1;
        uint256 used = 0;
        bytes32 computed = leafHash;
        for (; node != last; node >>= 1) {
            bytes32 sibling = hashAt(proof, used++);
            computed = node & 1 == 1 ? hashNode(sibling, computed) : hashNode(computed, sibling);
            last >>= 1;
        }
        for (; node != 0; node >>= 1) {
            if (node & 1 == 1) computed = hashNode(hashAt(proof, used++), computed);
        }
        if (used != proof.length) revert MerkleProofTooLong(proof.length);
        if (computed != root) revert MerkleRootMismatch(computed, root);
    }

    /// @notice Reverts unless the log of `newSize` entries with `newRoot` begins with the log of `oldSize` and `oldRoot`.
    /// @dev RFC 9162 §2.1.4.2. Every log extends the empty one, and itself, by an empty proof.
    function verifyConsistency(
        uint64 oldSize,
        bytes32 oldRoot,
        uint64 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) internal view {
        if (oldSize > newSize) revert MerkleSizesOutOfOrder(oldSize, newSize);
        if (oldSize != 0 && oldSize != newSize)
            return verifyGrowth(oldSize, oldRoot, newSize, newRoot, proof);
        if (proof.length != 0) revert MerkleProofTooLong(proof.length);
        if (oldSize == 0 && oldRoot != EMPTY_ROOT)
            revert MerkleOldRootMismatch(EMPTY_ROOT, oldRoot);
        if (oldSize == newSize && oldRoot != newRoot) revert MerkleRootMismatch(oldRoot, newRoot);
    }

    /// @dev Consistency for 0 < oldSize < newSize: the inclusion proof of the last full subtree of the old log in the
    /// new one. Left siblings alone lead to the old root.
    function verifyGrowth(
        uint64 oldSize,
        bytes32 oldRoot,
        uint64 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) private view {
        uint256 node = oldSize - 1;
        uint256 last = newSize - 1;
        for (; node & 1 == 1; node >>= 1) last >>= 1;
        // When the old log is full, its root is that subtree's hash: known, therefore not in the proof.
        uint256 used = node == 0 ? 0 : 1;
        bytes32 computedOld = node == 0 ? oldRoot : hashAt(proof, 0);
        bytes32 computed = computedOld;
        for (; node != last; node >>= 1) {
            bytes32 sibling = hashAt(proof, used++);
            if (node & 1 == 1) {
                computedOld = hashNode(sibling, computedOld);
                computed = hashNode(sibling, computed);
            } else {
                computed = hashNode(computed, sibling);
            }
            last >>= 1;
        }
        for (; node != 0; node >>= 1) {
            if (node & 1 == 0) continue;
            bytes32 sibling = hashAt(proof, used++);
            computedOld = hashNode(sibling, computedOld);
            computed = hashNode(sibling, computed);
        }
        if (used != proof.length) revert MerkleProofTooLong(proof.length);
        if (computedOld != oldRoot) revert MerkleOldRootMismatch(computedOld, oldRoot);
        if (computed != newRoot) revert MerkleRootMismatch(computed, newRoot);
    }

    /// @dev SHA-256(0x01 ‖ left ‖ right): the prefix stops a leaf from posing as a node (RFC 9162 §2.1.1).
    function hashNode(bytes32 left, bytes32 right) private view returns (bytes32 node) {
        // Measured: an anchor at 1 M entries, 24 such hashes, costs 75,216 gas; 84,936 with sha256(abi.encodePacked(…)).
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 0x01)
            mstore(add(free, 0x01), left)
            mstore(add(free, 0x21), right)
            // Where the precompile is missing, the call succeeds and returns nothing.
            if iszero(
                and(eq(returndatasize(), 0x20), staticcall(gas(), 0x02, free, 0x41, 0x00, 0x20))
            ) {
                revert(0x00, 0x00)
            }
            node := mload(0x00)
        }
    }

    function hashAt(bytes32[] calldata proof, uint256 i) private pure returns (bytes32) {
        if (i >= proof.length) revert MerkleProofTooShort(proof.length);
        return proof[i];
    }
}
