// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @dev Salted hash of a holder's code: SHA-256("onceledger/holder/v1" ‖ 0x00 ‖ salt ‖ codeType ‖ 0x00 ‖ code).
type HolderId is bytes32;

/// @dev A certificate type code in ASCII, zeros to its right; 0 where no type is meant.
type CertificateType is bytes32;

/// @dev What a department is accredited to do. Its right is bit `1 << role`.
enum Role {
    Operator,
    Issuer,
    Registrar,
    User,
    Auditor
}

/// @dev Withdrawn is final.
enum Standing {
    Good,
    Suspended,
    Withdrawn
}

/// @dev Rights that `accreditor` gives to `department`, or now changes. Times in seconds since 1970, both included.
/// Rights: a bit for each role, and bit 5 for every certificate type.
struct Accreditation {
    address accreditor;
    address department;
    uint16 rights;
    uint40 notBefore;
    uint40 notAfter;
    uint64 nonce;
}

/// @dev Certificate types that `department` may issue from now on, or no longer.
struct TypesChange {
    address accreditor;
    address department;
    CertificateType[] types;
    bool permitted;
    uint64 nonce;
}

struct StandingChange {
    address accreditor;
    address department;
    Standing standing;
    uint64 nonce;
}

/// @dev `department` acts by `account` from now on. `accreditor` is the department itself or one above it.
struct Rekeying {
    address accreditor;
    address department;
    address account;
    uint64 nonce;
}

struct HolderBinding {
    address registrar;
    HolderId holder;
    address account;
    uint64 nonce;
}

/// @dev `endGrants`: what the account granted for the holder counts no longer, as after theft of its key.
struct HolderRelease {
    address registrar;
    HolderId holder;
    address account;
    bool endGrants;
    uint64 nonce;
}

/// @dev `from` is 0 if the account was never bound, `until` is 0 while it is. Grants registered up to and including
/// `grantsEndedAt` count no longer. All in seconds since 1970.
struct Binding {
    uint48 from;
    uint48 until;
    uint48 grantsEndedAt;
}

/// @title Who is who: departments, accredited in levels, and the accounts of holders
/// @notice A department is named by the address of its first account, for good; it may come to act by another account.
/// What a department may do is what it and every department above it may do, at the moment of asking.
/// @dev An act is sent by the acting department's account, or signed by it (EIP-712) and sent by anyone. Its nonce is the
/// number of acts of that department before.
interface IPartyRegistry {
    event DepartmentAccredited(
        address indexed department,
        address indexed accreditor,
        uint16 rights,
        uint40 notBefore,
        uint40 notAfter
    );
    event CertificateTypePermitted(
        address indexed department,
        CertificateType indexed certificateType,
        bool permitted
    );
    event StandingChanged(address indexed department, Standing standing);
    event DepartmentRekeyed(address indexed department, address indexed account);
    event AccountBound(HolderId indexed holder, address indexed account, address indexed registrar);
    event AccountReleased(
        HolderId indexed holder,
        address indexed account,
        address indexed registrar,
        bool endGrants
    );

    /// @notice An act of `department` carries another nonce than its next.
    error NonceMismatch(address department, uint64 expected, uint64 given);

    /// @notice `department`, or one above it, lacks the role, the certificate type or the standing, or it is not the time.
    error NotAccredited(address department, Role role, CertificateType certificateType);

    /// @notice `department`, or one above it, is unknown, suspended, withdrawn or out of its time.
    error NotInGoodStanding(address department);

    /// @notice `accreditor` is not above `department`.
    error NotAbove(address accreditor, address department);

    /// @notice Nobody accredited `department`.
    error DepartmentUnknown(address department);

    /// @notice `department` was withdrawn, which is final.
    error DepartmentWithdrawn(address department);

    /// @notice More rights than the accreditor has, or bits that mean nothing.
    error RightsWidened(address department, uint16 rights, uint16 accreditorRights);

    /// @notice An empty window, or one that goes beyond the accreditor's.
    error WindowWidened(address department, uint40 notBefore, uint40 notAfter);

    /// @notice A certificate type that the accreditor may not issue.
    error TypeWidened(address department, CertificateType certificateType);

    /// @notice More departments above one another than allowed.
    error TooManyLevels(address department, uint256 limit);

    /// @notice 0 is nobody.
    error AddressZero();

    /// @notice Neither the holder's registrar nor a department above it.
    error NotRegistrarOf(HolderId holder, address registrar);

    /// @notice The account is bound to the holder already.
    error AccountAlreadyBound(HolderId holder, address account);

    /// @notice The account is not bound to the holder.
    error AccountNotBound(HolderId holder, address account);

    /// @notice Accredits a new department, or changes what one below the accreditor may do.
    /// @dev Never more than the department right above has: rights, window.
    /// @param accountSignature Of the same act by a new department, so that nobody takes another's address for a department
    /// of its own; not looked at later.
    function accredit(
        Accreditation calldata accreditation,
        bytes calldata signature,
        bytes calldata accountSignature
    ) external;

    /// @notice Permits certificate types to a department below, or takes them back.
    function permitTypes(TypesChange calldata change, bytes calldata signature) external;

    /// @notice Suspends a department below, lets it resume, or withdraws it for good; with it, all below it.
    function changeStanding(StandingChange calldata change, bytes calldata signature) external;

    /// @notice Changes the account that a department acts by.
    /// @param accountSignature Of the same act by the new account, so that no department is lost to a slip.
    function rekey(
        Rekeying calldata rekeying,
        bytes calldata signature,
        bytes calldata accountSignature
    ) external;

    /// @notice Binds an account to a holder. The first registrar of a holder stays its registrar.
    function bindAccount(HolderBinding calldata binding, bytes calldata signature) external;

    /// @notice Ends the binding of an account, and if need be the grants it made; these also later.
    function releaseAccount(HolderRelease calldata release, bytes calldata signature) external;

    /// @notice Whether a department may do something at a time, seconds since 1970; for a time to come, as of now.
    /// @param certificateType 0 to ask for the role alone.
    function isAccredited(
        address department,
        Role role,
        CertificateType certificateType,
        uint48 time
    ) external view returns (bool);

    /// @notice The account by which a department acts; reverts unless it may do this now.
    function accountAs(
        address department,
        Role role,
        CertificateType certificateType
    ) external view returns (address);

    /// @notice The account by which a department acts; the address itself if it never changed.
    function accountOf(address department) external view returns (address);

    /// @notice The account by which a department acted at a time, seconds since 1970.
    function accountOfAt(address department, uint48 time) external view returns (address);

    /// @notice The department right above; 0 for the authority and for addresses that are no department.
    function accreditorOf(address department) external view returns (address);

    /// @notice The department that everything is accredited from.
    function authority() external view returns (address);

    /// @notice The nonce that the next act of `department` must carry.
    function nonceOf(address department) external view returns (uint64);

    /// @notice The latest binding of an account to a holder.
    function bindingOf(HolderId holder, address account) external view returns (Binding memory);

    /// @notice Whether an account was bound to a holder at a time, seconds since 1970.
    function isBoundAt(HolderId holder, address account, uint48 time) external view returns (bool);

    /// @notice The department that bound the holder's first account; 0 for an unknown holder.
    function registrarOf(HolderId holder) external view returns (address);
}
