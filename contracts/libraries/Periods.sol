// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @dev From a time on, until another; seconds since 1970. `until` 0 is still open, `from` 0 never began.
struct Period {
    uint48 from;
    uint48 until;
}

/// @title Periods during which something held
library Periods {
    function covers(Period memory period, uint256 time) internal pure returns (bool) {
        return
            period.from != 0 && period.from <= time && (period.until == 0 || time < period.until);
    }

    /// @dev From the last back, since the recent past is asked for most.
    function cover(Period[] storage periods, uint256 time) internal view returns (bool) {
        for (uint256 i = periods.length; i > 0; --i) {
            if (covers(periods[i - 1], time)) return true;
        }
        return false;
    }
}
