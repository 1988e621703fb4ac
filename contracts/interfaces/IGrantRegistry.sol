// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {HolderId, IPartyRegistry} from "./IPartyRegistry.sol";

/// @dev The EIP-712 digest of the grant, so the same terms on another chain or contract are another grant.
type GrantId is bytes32;

using {differs as !=} for GrantId global;

function differs(GrantId a, GrantId b) pure returns (bool) {
    return GrantId.unwrap(a) != GrantId.unwrap(b);
}

/// @notice `grantor` lets `grantee` use materials of `holder`, or pass that on.
/// @dev `parent` is 0 in a root, which an account of the holder grants. `scope` commits to the lists of items and purposes
/// that the holder wrote once; `items` and `purposes` are bit masks over them. `notBefore` and `notAfter`, both included,
/// in seconds since 1970. `depth`: how many levels may follow below. `uses`: how often it may be used, with all below it;
/// 0 for any number. `epoch`: the grantor's, at the time of granting.
struct Grant {
    GrantId parent;
    address grantor;
    address grantee;
    HolderId holder;
    bytes32 scope;
    uint256 items;
    uint256 purposes;
    uint48 notBefore;
    uint48 notAfter;
    uint8 depth;
    uint32 uses;
    uint64 epoch;
    bytes32 salt;
}

/// @notice The department `user` asks to use items under a grant, for one purpose.
/// @dev `context` is a salted commitment to case, officer and cause; `audience` names the node that is asked.
/// `sequence`: how often this grant itself was used before. `notAfter` in seconds since 1970, included.
struct Use {
    GrantId grant;
    address user;
    uint256 items;
    uint256 purposes;
    bytes32 context;
    bytes32 audience;
    uint32 sequence;
    uint48 notAfter;
}

/// @dev All that the chain keeps of a grant, in one slot. Times in seconds since 1970, 0 for never.
/// `lastUse` is the first half of the latest use's EIP-712 digest.
struct GrantState {
    uint48 registeredAt;
    uint48 revokedAt;
    uint32 used;
    bytes16 lastUse;
}

/// @title Grants that can be passed on, never widened, and end at once with any grant above
/// @notice A grant travels as a chain from the root to itself. Each hop must be registered, live and no wider than the one
/// before; all of it is checked at every hop, every time.
/// @dev The errors about a chain name the hop, counted from the root, 0. Acts are sent by the acting account or signed by
/// it (EIP-712, ERC-1271) and sent by anyone. A department acts by its present account.
interface IGrantRegistry {
    event GrantRegistered(
        GrantId indexed grant,
        HolderId indexed holder,
        GrantId indexed parent,
        address grantor,
        address grantee
    );

    /// @notice `revoker` ended the grant, for good, and with it all below.
    event GrantRevoked(GrantId indexed grant, HolderId indexed holder, address indexed revoker);

    /// @notice `account` ended all that it granted before.
    event EpochBumped(address indexed account, uint64 epoch);

    /// @dev Enough to follow every count from events alone: a grant names its parent when it is registered.
    /// @param useId EIP-712 digest of the request that the user signed.
    /// @param sequence How often this grant was used before.
    /// @param counted Bit n: hop n of the chain, the root 0, counted this use. The last hop always does, those above it
    /// where their uses are limited.
    event GrantUsed(
        GrantId indexed grant,
        HolderId indexed holder,
        address indexed user,
        bytes32 useId,
        uint32 sequence,
        uint8 counted
    );

    error GrantChainEmpty();
    error GrantChainTooLong(uint256 length, uint256 limit);

    /// @notice The grant does not name the one before it, or a root names one.
    error GrantParentMismatch(uint256 hop);

    /// @notice The grantor is not the grantee of the grant before.
    error GrantGrantorMismatch(uint256 hop);
    error GrantHolderMismatch(uint256 hop);
    error GrantScopeMismatch(uint256 hop);
    error GrantItemsWidened(uint256 hop);
    error GrantPurposesWidened(uint256 hop);
    error GrantWindowWidened(uint256 hop);

    /// @notice The grant before may not be passed on, or not that far.
    error GrantDepthWidened(uint256 hop);
    error GrantUsesWidened(uint256 hop);

    /// @notice No items, no purposes or no grantee.
    error GrantEmpty(uint256 hop);

    /// @notice It ends before it begins.
    error GrantWindowEmpty(uint256 hop);
    error GrantNotYetValid(uint256 hop);
    error GrantExpired(uint256 hop);

    /// @notice The grantor ended all that it granted up to then, or granted for an epoch to come.
    error GrantEpochOutdated(uint256 hop);
    error GrantNotRegistered(uint256 hop);
    error GrantIsRevoked(uint256 hop);

    /// @notice The root's grantor is no account of the holder.
    error GrantorNotBound(HolderId holder, address grantor);

    /// @notice The holder's registrar ended what this account had granted.
    error GrantorEnded(HolderId holder, address grantor);
    error GrantUsesExhausted(uint256 hop);

    /// @notice The request is for another grant than the chain leads to.
    error UseGrantMismatch(GrantId presented, GrantId requested);
    error UseExpired(uint48 notAfter);

    /// @notice No items, or some that were not granted.
    error UseItemsNotGranted(uint256 items);

    /// @notice Not one purpose, or one that was not granted.
    error UsePurposeNotGranted(uint256 purposes);

    /// @notice The grant was used another number of times before: this request, or another, counted already.
    error UseOutOfSequence(uint32 expected, uint32 given);

    /// @notice Neither a grantor on the chain nor an account of the holder.
    error NotRevoker(GrantId grant, address account);
    error EpochOutOfOrder(address account, uint64 expected, uint64 given);

    /// @notice As many signatures as chains are needed.
    error SignaturesMissing(uint256 chains, uint256 signatures);

    /// @notice Registers the last grant of a chain whose others are registered.
    /// @dev A grant that is registered already stays as it is, so that repeating is safe.
    /// @param signature Of the grant, by its grantor; empty when that is the caller.
    function register(Grant[] calldata chain, bytes calldata signature) external returns (GrantId);

    /// @notice Registers the last grant of each chain, all or none. A chain may build on those before it.
    function registerMany(Grant[][] calldata chains, bytes[] calldata signatures) external;

    /// @notice Ends the last grant of a chain, registered or not, by any grantor on that chain or any account of the holder.
    /// @dev Revoking again changes nothing. The chain may begin at the revoker's grant.
    /// @param signature Of {grant, revoker}, by the revoker; empty when that is the caller.
    function revoke(Grant[] calldata chain, address revoker, bytes calldata signature) external;

    /// @notice Ends everything that `account` granted before.
    /// @param epoch One more than now.
    /// @param signature Of {account, epoch}; empty when the account is the caller.
    function bumpEpoch(address account, uint64 epoch, bytes calldata signature) external;

    /// @notice Counts a use of the last grant of a chain, at every hop that limits uses.
    /// @param userSignature Of the use, by the department's account; empty when that is the caller.
    /// @param granteeSignature Of the use, by the last grantee; not looked at when that is the user itself.
    function use(
        Grant[] calldata chain,
        Use calldata request,
        bytes calldata userSignature,
        bytes calldata granteeSignature
    ) external returns (bytes32 useId);

    /// @notice Reverts unless the department `user` could use these items for this purpose now.
    function check(
        Grant[] calldata chain,
        address user,
        uint256 items,
        uint256 purposes
    ) external view;

    function grantIdOf(Grant calldata grant) external view returns (GrantId);

    function stateOf(GrantId grant) external view returns (GrantState memory);

    /// @notice The epoch that a grant of this account must carry.
    function epochOf(address account) external view returns (uint64);

    function parties() external view returns (IPartyRegistry);
}
