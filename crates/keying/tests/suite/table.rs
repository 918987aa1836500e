//! The trade table, transcribed a second time: every row of the catalogue beside it.

use crate::Shown;
use keying::*;

/// What the table says of one specification. Lengths in 0.0001 inch; 0 where it says nothing.
struct Row {
    id: &'static str,
    first_cut: u32,
    spacing: u32,
    symbols: &'static str,
    roots: (u32, u32),
    increment: u32,
    macs: Option<u8>,
    step: Option<u8>,
    from_tip: bool,
}

const fn row(id: &'static str, place: (u32, u32), symbols: &'static str, roots: (u32, u32), increment: u32) -> Row {
    Row { id, first_cut: place.0, spacing: place.1, symbols, roots, increment, macs: None, step: None, from_tip: false }
}

impl Row {
    const fn rules(mut self, macs: u8, step: u8) -> Self {
        (self.macs, self.step) = (Some(macs), if step == 0 { None } else { Some(step) });
        self
    }

    const fn step(mut self, step: u8) -> Self {
        self.step = Some(step);
        self
    }

    const fn tip(mut self) -> Self {
        self.from_tip = true;
        self
    }
}

const TABLE: [Row; 28] = [
    row("schlage_classic", (2310, 1562), "0123456789", (3350, 2000), 150).rules(7, 2),
    row("kwikset_kw1", (2470, 1500), "123456", (3290, 2140), 230).rules(4, 1),
    row("kwikset_kw1_d7", (2470, 1500), "1234567", (3290, 1910), 230).rules(4, 1),
    row("kwikset_titan", (970, 1500), "123456", (3290, 2140), 230).rules(4, 1),
    row("arrow", (2650, 1550), "0123456789", (3120, 1860), 140).rules(7, 2),
    row("corbin_z_pre70", (2500, 1560), "1234567890", (3430, 2170), 140).rules(8, 2),
    row("corbin_x_pre70", (1970, 1560), "12345678910", (3330, 2070), 140).rules(8, 2),
    row("corbin_russwin_s70", (2500, 1560), "123456", (3390, 1990), 280).rules(4, 1),
    row("emhart_hs", (2500, 1560), "23456", (3050, 1930), 280).rules(3, 1),
    row("dexter", (2160, 1550), "0123456789", (3200, 1850), 150).rules(7, 2),
    row("sargent", (2160, 1560), "1234567890", (3280, 1480), 200).rules(7, 2),
    row("yale", (2000, 1650), "0123456789", (3200, 1490), 190).rules(9, 2),
    row("weiser", (2370, 1560), "0123456789", (3150, 1530), 180).rules(6, 2),
    row("lockwood", (2450, 1562), "0123456789", (3440, 2027), 157).rules(9, 2),
    row("master_m1", (1850, 1260), "01234567", (2760, 1710), 150).rules(7, 0),
    row("master_k1", (1870, 1250), "01234567", (2720, 1635), 155),
    row("american_am7", (1570, 1250), "12345678", (2830, 1710), 160).rules(7, 0),
    row("best_a2", (800, 1500), "0123456789", (3180, 2055), 125).rules(9, 2).tip(),
    row("best_a3", (800, 1500), "0123456", (3180, 2100), 180).rules(6, 1).tip(),
    row("best_a4", (800, 1500), "012345", (3180, 2130), 210).rules(5, 1).tip(),
    row("assa_maximum", (0, 1500), "01234567", (0, 0), 235).rules(5, 1).tip(),
    row("peaks_140_a2", (0, 1400), "0123456789", (0, 0), 125).rules(8, 2).tip(),
    row("peaks_140_a4", (0, 1400), "012345", (0, 0), 210).rules(4, 1).tip(),
    row("peaks_150_a2", (0, 1500), "0123456789", (0, 0), 125).rules(9, 2).tip(),
    row("peaks_150_a4", (0, 1500), "012345", (0, 0), 210).rules(5, 1).tip(),
    row("medeco_biaxial", (2440, 1700), "123456", (2720, 1470), 250).step(1),
    row("medeco_original", (2440, 1700), "123456", (2660, 1410), 250).step(1),
    row("access3", (0, 0), "0123456", (0, 0), 0).step(1),
];

#[test]
fn the_catalogue_says_what_the_table_says() -> Shown {
    for row in &TABLE {
        let spec = published(row.id).ok_or(row.id)?;
        let known = |length: u32| (length > 0).then_some(Length::new(length));
        assert_eq!((spec.first_cut, spec.spacing), (known(row.first_cut), known(row.spacing)), "{}", row.id);
        let symbols: String = spec.depths.iter().map(|depth| depth.symbol.as_str()).collect();
        assert_eq!(symbols, row.symbols, "{}", row.id);
        let roots = (spec.depths.first().and_then(|d| d.root), spec.depths.last().and_then(|d| d.root));
        assert_eq!(roots, (known(row.roots.0), known(row.roots.1)), "{}", row.id);
        assert_eq!(spec.increment, known(row.increment), "{}", row.id);
        assert_eq!(spec.macs, row.macs.map_or(Macs::Unlimited, Macs::Limit), "{}", row.id);
        assert_eq!(spec.step, row.step, "{}", row.id);
        assert_eq!(spec.datum == Datum::Tip && spec.reading == Reading::TipToBow, row.from_tip, "{}", row.id);
        assert!(!spec.sources.is_empty() && spec.version == 1, "{}", row.id);
    }
    Ok(())
}

#[test]
fn published_pins_are_the_published_ones() -> Shown {
    let bottoms = |id: &str| -> Result<Vec<u32>, Box<dyn std::error::Error>> {
        let spec = published(id).ok_or(id)?;
        Ok(spec.bottom_pins.iter().map(|pin| pin.length.ten_thousandths() / 10).collect())
    };
    assert_eq!(bottoms("arrow")?, [178, 192, 206, 220, 234, 248, 262, 276, 290, 304]);
    assert_eq!(bottoms("corbin_z_pre70")?, [160, 174, 189, 203, 218, 231, 246, 259, 273, 287]);
    assert_eq!(bottoms("corbin_x_pre70")?, [171, 185, 198, 212, 226, 241, 256, 269, 284, 297]);
    assert_eq!(bottoms("dexter")?, (0..10).map(|n| 165 + 15 * n).collect::<Vec<_>>());
    assert_eq!(bottoms("emhart_hs")?, [242, 270, 298, 326, 354]);
    let masters = |id: &str| -> Result<Vec<(u8, u32)>, Box<dyn std::error::Error>> {
        let spec = published(id).ok_or(id)?;
        Ok(spec.master_pins.iter().map(|pin| (pin.number, pin.length.ten_thousandths() / 10)).collect())
    };
    assert_eq!(masters("arrow")?, [(2, 28), (4, 56), (6, 84), (8, 112)]);
    let corbin = [(2, 28), (3, 42), (4, 56), (5, 69), (6, 84), (7, 99), (8, 112), (9, 127)];
    assert_eq!(masters("corbin_z_pre70")?, corbin);
    let best = published("best_a2").ok_or("best")?;
    assert_eq!(best.bottom_pin(Depth::new(0)?), Some(Length::new(1100)));
    Ok(())
}
