// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Grant, GrantId, GrantState, IGrantRegistry, Use} from "./interfaces/IGrantRegistry.sol";
import {
    Binding,
    CertificateType,
    HolderId,
    IPartyRegistry,
    Role
} from "./interfaces/IPartyRegistry.sol";
import {SignedActs} from "./libraries/SignedActs.sol";

/// @title Grants that can be passed on, never widened, and end at once with any grant above
/// @notice See IGrantRegistry.
contract GrantRegistry is IGrantRegistry, SignedActs {
    uint256 private constant MAX_HOPS = 8;

    bytes32 private constant GRANT = keccak256(
        "Grant(bytes32 parent,address grantor,address grantee,bytes32 holder,bytes32 scope,uint256 items,uint256 purposes,uint48 notBefore,uint48 notAfter,uint8 depth,uint32 uses,uint64 epoch,bytes32 salt)"
    );
    bytes32 private constant REVOCATION = keccak256("Revocation(bytes32 grant,address revoker)");
    bytes32 private constant EPOCH_BUMP = keccak256("EpochBump(address account,uint64 epoch)");
    bytes32 private constant USE = keccak256(
        "Use(bytes32 grant,address user,uint256 items,uint256 purposes,bytes32 context,bytes32 audience,uint32 sequence,uint48 notAfter)"
    );

    IPartyRegistry private immutable _parties;

    // Evidence carries proofs of these slots, so their places never change: _states is slot 2, _epochs is slot 3.
    mapping(GrantId => GrantState) private _states;
    mapping(address account => uint64) private _epochs;

    constructor(IPartyRegistry parties_) {
        _parties = parties_;
    }

    /// @inheritdoc IGrantRegistry
    function register(
        Grant[] calldata chain,
        bytes calldata signature
    ) public returns (GrantId id) {
        uint256 last = _lastHop(chain);
        GrantId parent;
        for (uint256 hop = 0; hop < last; ++hop) {
            parent = _verifyHop(chain, hop, parent);
            _verifyRegistered(hop, parent);
        }
        id = _verifyHop(chain, last, parent);
        GrantState storage state = _states[id];
        if (state.revokedAt != 0) revert GrantIsRevoked(last);
        if (state.registeredAt != 0) return id;
        Grant calldata grant = chain[last];
        if (last == 0 && !_isBound(grant.holder, grant.grantor))
            revert GrantorNotBound(grant.holder, grant.grantor);
        _authorizeDigest(_grantingAccount(grant), GrantId.unwrap(id), signature);
        state.registeredAt = uint48(block.timestamp);
        emit GrantRegistered(id, grant.holder, parent, grant.grantor, grant.grantee);
    }

    /// @inheritdoc IGrantRegistry
    function registerMany(Grant[][] calldata chains, bytes[] calldata signatures) external {
        if (chains.length != signatures.length)
            revert SignaturesMissing(chains.length, signatures.length);
        for (uint256 i = 0; i < chains.length; ++i) register(chains[i], signatures[i]);
    }

    /// @inheritdoc IGrantRegistry
    function revoke(Grant[] calldata chain, address revoker, bytes calldata signature) external {
        uint256 last = _lastHop(chain);
        GrantId id = grantIdOf(chain[last]);
        _authorize(
            _revokingAccount(chain, id, revoker),
            keccak256(abi.encode(REVOCATION, id, revoker)),
            signature
        );
        GrantState storage state = _states[id];
        if (state.revokedAt != 0) return;
        state.revokedAt = uint48(block.timestamp);
        emit GrantRevoked(id, chain[last].holder, revoker);
    }

    /// @inheritdoc IGrantRegistry
    function bumpEpoch(address account, uint64 epoch, bytes calldata signature) external {
        uint64 expected = _epochs[account] + 1;
        if (epoch != expected) revert EpochOutOfOrder(account, expected, epoch);
        _authorize(
            _parties.accountOf(account),
            keccak256(abi.encode(EPOCH_BUMP, account, epoch)),
            signature
        );
        _epochs[account] = epoch;
        emit EpochBumped(account, epoch);
    }

    /// @inheritdoc IGrantRegistry
    function use(
        Grant[] calldata chain,
        Use calldata request,
        bytes calldata userSignature,
        bytes calldata granteeSignature
    ) external returns (bytes32 useId) {
        (GrantId[] memory ids, address account) = _verifyUsable(
            chain,
            request.user,
            request.items,
            request.purposes
        );
        _verifyRequest(request, ids[ids.length - 1]);
        useId = _hashTypedDataV4(keccak256(abi.encode(USE, request)));
        _authorizeDigest(account, useId, userSignature);
        Grant calldata grant = chain[chain.length - 1];
        if (grant.grantee != request.user)
            _authorizeDigest(_parties.accountOf(grant.grantee), useId, granteeSignature);
        uint8 counted = _count(chain, ids, useId);
        emit GrantUsed(request.grant, grant.holder, request.user, useId, request.sequence, counted);
    }

    /// @inheritdoc IGrantRegistry
    function check(
        Grant[] calldata chain,
        address user,
        uint256 items,
        uint256 purposes
    ) external view {
        _verifyUsable(chain, user, items, purposes);
    }

    /// @inheritdoc IGrantRegistry
    function grantIdOf(Grant calldata grant) public view returns (GrantId) {
        // keccak256(abi.encode(GRANT, grant)), measured: a hop costs 11,086 gas, 11,840 with abi.encode. What has stray bits in
        // a short field hashes to something that nobody signs, and reverts where the field is read.
        bytes32 typeHash = GRANT;
        bytes32 structHash;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), grant, 0x1a0)
            structHash := keccak256(free, 0x1c0)
        }
        return GrantId.wrap(_hashTypedDataV4(structHash));
    }

    /// @inheritdoc IGrantRegistry
    function stateOf(GrantId grant) external view returns (GrantState memory) {
        return _states[grant];
    }

    /// @inheritdoc IGrantRegistry
    function epochOf(address account) external view returns (uint64) {
        return _epochs[account];
    }

    /// @inheritdoc IGrantRegistry
    function parties() external view returns (IPartyRegistry) {
        return _parties;
    }

    /// @dev Everything about a use but who asked for it. Answers the ids of the chain and the user's account.
    function _verifyUsable(
        Grant[] calldata chain,
        address user,
        uint256 items,
        uint256 purposes
    ) private view returns (GrantId[] memory ids, address account) {
        uint256 last = _lastHop(chain);
        ids = new GrantId[](last + 1);
        GrantId id;
        for (uint256 hop = 0; hop <= last; ++hop) {
            id = ids[hop] = _verifyHop(chain, hop, id);
            uint32 used = _verifyRegistered(hop, id);
            if (block.timestamp < chain[hop].notBefore) revert GrantNotYetValid(hop);
            if (chain[hop].uses != 0 && used >= chain[hop].uses) revert GrantUsesExhausted(hop);
        }
        _verifyNotEnded(chain[0], ids[0]);
        if (items == 0 || items & ~chain[last].items != 0) revert UseItemsNotGranted(items);
        if (
            purposes == 0 || purposes & (purposes - 1) != 0 || purposes & ~chain[last].purposes != 0
        ) revert UsePurposeNotGranted(purposes);
        account = _parties.accountAs(user, Role.User, CertificateType.wrap(0));
    }

    /// @dev An account that was released keeps what it granted, unless the holder's registrar said otherwise.
    function _verifyNotEnded(Grant calldata root, GrantId id) private view {
        Binding memory binding = _parties.bindingOf(root.holder, root.grantor);
        if (_states[id].registeredAt <= binding.grantsEndedAt)
            revert GrantorEnded(root.holder, root.grantor);
    }

    function _verifyRequest(Use calldata request, GrantId id) private view {
        if (request.grant != id) revert UseGrantMismatch(id, request.grant);
        if (block.timestamp > request.notAfter) revert UseExpired(request.notAfter);
        uint32 used = _states[id].used;
        if (request.sequence != used) revert UseOutOfSequence(used, request.sequence);
    }

    /// @dev Wherever uses are limited, and always at the grant used itself, whose count orders its uses. Answers these hops,
    /// as bits.
    function _count(
        Grant[] calldata chain,
        GrantId[] memory ids,
        bytes32 useId
    ) private returns (uint8 counted) {
        uint256 last = ids.length - 1;
        counted = uint8(1 << last);
        for (uint256 hop = 0; hop < last; ++hop) {
            if (chain[hop].uses == 0) continue;
            ++_states[ids[hop]].used;
            counted |= uint8(1 << hop);
        }
        GrantState storage state = _states[ids[last]];
        ++state.used;
        state.lastUse = bytes16(useId);
    }

    /// @dev What can be told from the signed terms, the clock and the epoch.
    function _verifyHop(
        Grant[] calldata chain,
        uint256 hop,
        GrantId parent
    ) private view returns (GrantId) {
        Grant calldata grant = chain[hop];
        if (grant.parent != parent) revert GrantParentMismatch(hop);
        if (grant.items == 0 || grant.purposes == 0 || grant.grantee == address(0))
            revert GrantEmpty(hop);
        if (grant.notBefore > grant.notAfter) revert GrantWindowEmpty(hop);
        if (hop > 0) _verifyNarrower(grant, chain[hop - 1], hop);
        if (block.timestamp > grant.notAfter) revert GrantExpired(hop);
        if (grant.epoch != _epochs[grant.grantor]) revert GrantEpochOutdated(hop);
        return grantIdOf(grant);
    }

    function _verifyNarrower(Grant calldata grant, Grant calldata above, uint256 hop) private pure {
        if (grant.grantor != above.grantee) revert GrantGrantorMismatch(hop);
        if (HolderId.unwrap(grant.holder) != HolderId.unwrap(above.holder))
            revert GrantHolderMismatch(hop);
        if (grant.scope != above.scope) revert GrantScopeMismatch(hop);
        if (grant.items & ~above.items != 0) revert GrantItemsWidened(hop);
        if (grant.purposes & ~above.purposes != 0) revert GrantPurposesWidened(hop);
        if (grant.notBefore < above.notBefore || grant.notAfter > above.notAfter)
            revert GrantWindowWidened(hop);
        if (grant.depth >= above.depth) revert GrantDepthWidened(hop);
        if (above.uses != 0 && (grant.uses == 0 || grant.uses > above.uses))
            revert GrantUsesWidened(hop);
    }

    /// @dev What the chain keeps of a grant: registered, not revoked, and how often used.
    function _verifyRegistered(uint256 hop, GrantId id) private view returns (uint32 used) {
        GrantState memory state = _states[id];
        if (state.revokedAt != 0) revert GrantIsRevoked(hop);
        if (state.registeredAt == 0) revert GrantNotRegistered(hop);
        return state.used;
    }

    /// @dev The account that acts for a revoker: a grantor on the chain, or else an account of the holder.
    function _revokingAccount(
        Grant[] calldata chain,
        GrantId id,
        address revoker
    ) private view returns (address account) {
        for (uint256 hop = 0; hop < chain.length; ++hop) {
            if (hop > 0 && chain[hop].parent != grantIdOf(chain[hop - 1]))
                revert GrantParentMismatch(hop);
            if (chain[hop].grantor == revoker) account = _grantingAccount(chain[hop]);
        }
        if (account != address(0)) return account;
        if (!_isBound(chain[chain.length - 1].holder, revoker)) revert NotRevoker(id, revoker);
        return revoker;
    }

    /// @dev A holder's binding names the account itself; any other grantor may be a department, which acts by its present
    /// account.
    function _grantingAccount(Grant calldata grant) private view returns (address) {
        bool isRoot = GrantId.unwrap(grant.parent) == 0;
        return isRoot ? grant.grantor : _parties.accountOf(grant.grantor);
    }

    function _isBound(HolderId holder, address account) private view returns (bool) {
        Binding memory binding = _parties.bindingOf(holder, account);
        return binding.from != 0 && binding.until == 0;
    }

    function _lastHop(Grant[] calldata chain) private pure returns (uint256) {
        if (chain.length == 0) revert GrantChainEmpty();
        if (chain.length > MAX_HOPS) revert GrantChainTooLong(chain.length, MAX_HOPS);
        return chain.length - 1;
    }
}
