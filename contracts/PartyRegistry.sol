// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {
    Binding,
    CertificateType,
    HolderBinding,
    HolderId,
    HolderRelease,
    IPartyRegistry,
    Role
} from "./interfaces/IPartyRegistry.sol";
import {Period, Periods} from "./libraries/Periods.sol";
import {Departments} from "./parties/Departments.sol";

/// @title Who is who: departments, accredited in levels, and the accounts of holders
/// @notice See IPartyRegistry.
contract PartyRegistry is Departments {
    using Periods for Period;
    using Periods for Period[];

    bytes32 private constant HOLDER_BINDING = keccak256(
        "HolderBinding(address registrar,bytes32 holder,address account,uint64 nonce)"
    );
    bytes32 private constant HOLDER_RELEASE = keccak256(
        "HolderRelease(address registrar,bytes32 holder,address account,bool endGrants,uint64 nonce)"
    );

    mapping(HolderId => address) private _registrars;
    mapping(HolderId => mapping(address account => Binding)) private _bindings;
    mapping(HolderId => mapping(address account => Period[])) private _formerBindings;

    constructor(address authority_) Departments(authority_) {}

    /// @inheritdoc IPartyRegistry
    function bindAccount(HolderBinding calldata binding, bytes calldata signature) external {
        (HolderId holder, address account) = (binding.holder, binding.account);
        _actAs(binding.registrar, binding.nonce, _hashOf(binding), signature);
        if (account == address(0)) revert AddressZero();
        if (_registrars[holder] == address(0)) _registrars[holder] = binding.registrar;
        _requireRegistrar(holder, binding.registrar);
        Binding storage known = _bindings[holder][account];
        if (known.from != 0) {
            if (known.until == 0) revert AccountAlreadyBound(holder, account);
            _formerBindings[holder][account].push(Period(known.from, known.until));
        }
        known.from = uint48(block.timestamp);
        known.until = 0;
        emit AccountBound(holder, account, binding.registrar);
    }

    /// @inheritdoc IPartyRegistry
    function releaseAccount(HolderRelease calldata release, bytes calldata signature) external {
        (HolderId holder, address account) = (release.holder, release.account);
        _actAs(release.registrar, release.nonce, _hashOf(release), signature);
        _requireRegistrar(holder, release.registrar);
        Binding storage known = _bindings[holder][account];
        if (known.from == 0 || (known.until != 0 && !release.endGrants))
            revert AccountNotBound(holder, account);
        if (known.until == 0) known.until = uint48(block.timestamp);
        if (release.endGrants) known.grantsEndedAt = uint48(block.timestamp);
        emit AccountReleased(holder, account, release.registrar, release.endGrants);
    }

    /// @inheritdoc IPartyRegistry
    function bindingOf(HolderId holder, address account) external view returns (Binding memory) {
        return _bindings[holder][account];
    }

    /// @inheritdoc IPartyRegistry
    function isBoundAt(HolderId holder, address account, uint48 time) external view returns (bool) {
        Binding storage known = _bindings[holder][account];
        return
            Period(known.from, known.until).covers(time) ||
            _formerBindings[holder][account].cover(time);
    }

    /// @inheritdoc IPartyRegistry
    function registrarOf(HolderId holder) external view returns (address) {
        return _registrars[holder];
    }

    function _requireRegistrar(HolderId holder, address registrar) private view {
        CertificateType none = CertificateType.wrap(0);
        if (!_hasRights(registrar, _rightTo(Role.Registrar), none, block.timestamp))
            revert NotAccredited(registrar, Role.Registrar, none);
        address first = _registrars[holder];
        for (; first != registrar; first = accreditorOf(first)) {
            if (first == address(0)) revert NotRegistrarOf(holder, registrar);
        }
    }

    function _hashOf(HolderBinding calldata act) private pure returns (bytes32) {
        return keccak256(abi.encode(HOLDER_BINDING, act));
    }

    function _hashOf(HolderRelease calldata act) private pure returns (bytes32) {
        return keccak256(abi.encode(HOLDER_RELEASE, act));
    }
}
