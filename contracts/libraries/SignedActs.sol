// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title Acts that an account sends itself, or signs for anyone to relay
/// @dev EIP-712, domain {name: "OnceLedger", version: "1", chainId, verifyingContract}. Contract accounts answer by
/// ERC-1271. The relayer pays and has no authority.
abstract contract SignedActs is EIP712("OnceLedger", "1") {
    /// @notice An act of `account` was sent by `caller`, without a signature.
    error CallerNotAccount(address account, address caller);

    /// @notice `account` did not sign this digest.
    error SignatureInvalid(address account, bytes32 digest);

    /// @param structHash EIP-712 hashStruct of the act.
    /// @param signature Empty when the account itself is the caller.
    function _authorize(
        address account,
        bytes32 structHash,
        bytes calldata signature
    ) internal view {
        if (signature.length == 0) _requireCaller(account);
        else _authorizeDigest(account, _hashTypedDataV4(structHash), signature);
    }

    /// @dev The same, for an act whose digest is known.
    function _authorizeDigest(
        address account,
        bytes32 digest,
        bytes calldata signature
    ) internal view {
        if (signature.length == 0) return _requireCaller(account);
        // A key signs for its address whether or not code stands there. Asking for the code first would cost 2,600 gas;
        // taking the signature through memory, 180.
        if (signature.length == 65) {
            (bytes32 r, bytes32 s) = (bytes32(signature), bytes32(signature[32:]));
            (address signer, , ) = ECDSA.tryRecover(digest, uint8(signature[64]), r, s);
            if (signer == account && account != address(0)) return;
        }
        if (!SignatureChecker.isValidERC1271SignatureNow(account, digest, signature))
            revert SignatureInvalid(account, digest);
    }

    function _requireCaller(address account) private view {
        if (msg.sender != account) revert CallerNotAccount(account, msg.sender);
    }
}
