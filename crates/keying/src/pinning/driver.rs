//! The balanced driver rule for makes without a published top-pin table.

use crate::length::Length;

/// The drivers at hand, by length in 0.0001 inch.
pub type DriverKit = [Length];

/// The stack heights a chamber tolerates, in 0.0001 inch (Schlage: .405 to .420).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SafeBand {
    /// Lowest good stack.
    pub lowest: Length,
    /// Highest good stack; above it the spring is crushed.
    pub highest: Length,
    /// Height the stack must exceed so that it never falls below the shear line with the deepest key:
    /// effective plug diameter less the root of the deepest cut.
    pub floor: Length,
}

/// Chooses the driver that brings bottom and master pins (`below`) nearest the middle of the band.
///
/// Never above the band and never down to the floor; `None` when no driver of the kit fits.
/// Returns the place in the kit; of two equally near the shorter is taken.
pub fn choose_driver(below: Length, kit: &DriverKit, band: SafeBand) -> Option<usize> {
    // Twice the distance to the middle, so that no half is lost.
    let middle = u64::from(band.lowest.ten_thousandths()) + u64::from(band.highest.ten_thousandths());
    let fits = kit.iter().enumerate().filter_map(|(place, driver)| {
        let stack = below.plus(*driver);
        let good = stack <= band.highest && stack > band.floor;
        good.then(|| ((2 * u64::from(stack.ten_thousandths())).abs_diff(middle), *driver, place))
    });
    fits.min().map(|(_, _, place)| place)
}
