//! The standard progression format: blocks, pages, and the masters that belong to them.

use crate::bitting::Bitting;
use crate::depth::Chamber;
use crate::progress::Progression;
use crate::space::LimitExceeded;

/// The one-, two- and three-pin masters of the page layout. `p1` is the fastest chamber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageMaster {
    /// TMK cut at p1: the keys of one block.
    Block,
    /// TMK cut at p2: keys in the same row of the blocks across a page.
    Row,
    /// TMK cuts at p1 and p2: all blocks in a line across.
    HorizontalGroup,
    /// TMK cuts at p1 and p3: all blocks in a line down.
    VerticalGroup,
    /// TMK cuts at p1, p2 and p3: a whole page.
    Page,
}

impl PageMaster {
    /// All five, from one pin to three.
    pub const ALL: [Self; 5] = [Self::Block, Self::Row, Self::HorizontalGroup, Self::VerticalGroup, Self::Page];

    /// Places in the sequence of progression that hold the TMK cut, counted from 0.
    const fn places(self) -> &'static [usize] {
        match self {
            Self::Block => &[0],
            Self::Row => &[1],
            Self::HorizontalGroup => &[0, 1],
            Self::VerticalGroup => &[0, 2],
            Self::Page => &[0, 1, 2],
        }
    }

    /// The chambers that hold the TMK cut; `None` when the progression is too short.
    pub fn chambers(self, progression: &Progression) -> Option<Vec<Chamber>> {
        self.places().iter().map(|place| progression.sequence().get(*place).copied()).collect()
    }

    /// The master of this kind over a change key; `None` when the progression is too short.
    pub fn over(self, progression: &Progression, change: &Bitting) -> Option<Bitting> {
        let top = progression.array().top().0;
        let held = self.chambers(progression)?;
        held.into_iter().try_fold(*change, |key, chamber| Some(key.with_cut(chamber, top.cut(chamber)?)))
    }
}

/// One key of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageEntry {
    /// Number in the whole progression, counted from 1, forbidden keys included.
    pub number: u64,
    /// The bitting.
    pub bitting: Bitting,
    /// False when it breaks MACS.
    pub can_be_cut: bool,
    /// True when a shape rule advises against it.
    pub undesirable: bool,
}

/// One page: blocks across vary p2, blocks down vary p3, keys in a block vary p1.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page {
    /// Page number, counted from 1.
    pub number: u64,
    /// The page master, when the progression has three chambers or more.
    pub master: Option<Bitting>,
    /// `blocks[down][across]`, each with the keys of a block.
    pub blocks: Vec<Vec<Vec<PageEntry>>>,
}

/// Lays the keys of a progression out in pages; all keys of the method, nothing left out.
///
/// At most `limit` keys are laid out; a longer progression is refused.
///
/// ```
/// use keying::*;
/// let rule = ColumnRule::two_step(Depth::new(0)?, Depth::new(9)?);
/// let array = KeyBittingArray::by_rule(TopMaster(Bitting::of(&[4, 1, 8, 3, 6])?), rule);
/// let pages = pages(&Progression::new(array, Method::TotalPosition)?, 2000)?;
/// assert_eq!((pages.len(), pages[0].blocks.len(), pages[0].blocks[0].len(), pages[0].blocks[0][0].len()), (16, 4, 4, 4));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn pages(progression: &Progression, limit: usize) -> Result<Vec<Page>, LimitExceeded> {
    if progression.theoretical() > limit.into() {
        return Err(LimitExceeded { limit: limit as u64 });
    }
    let mut keys = progression.all_keys();
    let (mut pages, mut number) = (Vec::new(), 0u64);
    // Each choice of rotating constants has pages of its own: the constant chambers do not progress.
    for held in progression.constant_sets() {
        let moving: Vec<Chamber> = progression.sequence().iter().copied().filter(|c| !held.contains(c)).collect();
        let size = |place: usize| moving.get(place).map_or(1, |c| progression.array().column(*c).len().max(1));
        let (block, across, down) = (size(0), size(1), size(2));
        let count = moving.iter().map(|c| progression.array().column(*c).len()).product();
        let entries: Vec<PageEntry> = keys
            .by_ref()
            .take(count)
            .map(|bitting| {
                number += 1;
                let (can_be_cut, undesirable) =
                    (progression.macs().admits(&bitting), !progression.shape().admits(&bitting));
                PageEntry { number, bitting, can_be_cut, undesirable }
            })
            .collect();
        for page in entries.chunks(block * across * down) {
            let over = |first: &PageEntry| PageMaster::Page.over(progression, &first.bitting);
            let master = page.first().filter(|_| held.is_empty()).and_then(over);
            let line = |line: &[PageEntry]| line.chunks(block).map(<[PageEntry]>::to_vec).collect();
            let blocks = page.chunks(block * across).map(line).collect();
            pages.push(Page { number: pages.len() as u64 + 1, master, blocks });
        }
    }
    Ok(pages)
}
