//! The bittings a specification allows: counted exactly and enumerated in order.

use crate::bitting::{Bitting, BittingError};
use crate::depth::{Chamber, Depth, DepthSet, MAX_CHAMBERS};
use crate::macs::Macs;
use crate::shape::{ShapeFault, ShapeRules};
use num_bigint::BigUint;

/// More results (or more work) than the caller allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more than the allowed {limit} would be needed")]
pub struct LimitExceeded {
    /// The limit that was given.
    pub limit: u64,
}

/// One thing wrong with a bitting, with its place. No violation names a cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Violation {
    /// The bitting has another number of chambers than the space.
    #[error("{expected} cuts expected, {found} found")]
    Length {
        /// Cuts the space has.
        expected: usize,
        /// Cuts the bitting has.
        found: usize,
    },
    /// The cut is not one of the depths of this chamber.
    #[error("{0}: this depth is not used here")]
    Range(Chamber),
    /// The cut and the next one are too far apart to be cut side by side.
    #[error("{0} and the next: the cuts are too far apart (MACS)")]
    Macs(Chamber),
    /// A shape rule.
    #[error("the shape of the key is poor: {0}")]
    Shape(ShapeFault),
}

/// The bittings under consideration: a set of depths for each chamber, MACS and shape rules.
///
/// ```
/// use keying::{Depth, KeySpace, Macs};
/// let kwikset = KeySpace::uniform(5, Depth::new(1)?, Depth::new(6)?)?.with_macs(Macs::Limit(4));
/// assert_eq!(kwikset.count().to_string(), "6306");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySpace {
    columns: Vec<DepthSet>,
    macs: Macs,
    shape: ShapeRules,
}

impl KeySpace {
    /// A space with its own set of depths for each chamber. Errors without chambers or with too many.
    pub fn new(columns: Vec<DepthSet>) -> Result<Self, BittingError> {
        if columns.is_empty() {
            return Err(BittingError::Empty);
        }
        if columns.len() > MAX_CHAMBERS {
            return Err(BittingError::TooLong { cuts: columns.len() });
        }
        Ok(Self { columns, macs: Macs::Unlimited, shape: ShapeRules::NONE })
    }

    /// A space with the depths `lo..=hi` in every chamber.
    pub fn uniform(chambers: usize, lo: Depth, hi: Depth) -> Result<Self, BittingError> {
        Self::new(vec![DepthSet::range(lo, hi); chambers.min(MAX_CHAMBERS + 1)])
    }

    /// The same space under a MACS rule.
    #[must_use]
    pub fn with_macs(mut self, macs: Macs) -> Self {
        self.macs = macs;
        self
    }

    /// The same space under shape rules.
    #[must_use]
    pub fn with_shape(mut self, shape: ShapeRules) -> Self {
        self.shape = shape;
        self
    }

    /// Keeps only odd (`O`) or even (`E`) depths per chamber; a shorter pattern leaves the rest free.
    #[must_use]
    pub fn with_parity(mut self, pattern: &[Parity]) -> Self {
        for (column, parity) in self.columns.iter_mut().zip(pattern) {
            *column = column.and(parity.depths());
        }
        self
    }

    /// The depths of each chamber, chamber 1 first.
    pub fn columns(&self) -> &[DepthSet] {
        &self.columns
    }

    /// Number of chambers.
    pub fn chambers(&self) -> usize {
        self.columns.len()
    }

    /// The MACS rule.
    pub fn macs(&self) -> &Macs {
        &self.macs
    }

    /// Everything wrong with one bitting, in chamber order.
    pub fn violations(&self, bitting: &Bitting) -> Vec<Violation> {
        let (expected, found) = (self.chambers(), bitting.chambers());
        if expected != found {
            return vec![Violation::Length { expected, found }];
        }
        let cuts = bitting.reveal().iter().zip(&self.columns).enumerate();
        let range = cuts.filter(|(_, (cut, set))| !set.contains(**cut)).map(|(i, _)| Violation::Range(Chamber::at(i)));
        let macs = self.macs.broken_pairs(bitting).into_iter().map(Violation::Macs);
        let shape = self.shape.faults(bitting).into_iter().map(Violation::Shape);
        range.chain(macs).chain(shape).collect()
    }

    /// True when nothing is wrong with the bitting.
    pub fn contains(&self, bitting: &Bitting) -> bool {
        self.chambers() == bitting.chambers()
            && bitting.reveal().iter().zip(&self.columns).all(|(cut, set)| set.contains(*cut))
            && self.macs.admits(bitting)
            && self.shape.admits(bitting)
    }

    /// The exact number of bittings within depths and MACS, shape rules left aside, by transfer matrix.
    pub fn count(&self) -> BigUint {
        count_columns(&self.columns, &self.macs)
    }

    /// The exact number with the shape rules, by pruned search of at most `steps` tried cuts.
    pub fn count_shaped(&self, steps: u64) -> Result<BigUint, LimitExceeded> {
        if self.shape.is_off() {
            return Ok(self.count());
        }
        let mut walk = self.bittings(u64::MAX).within_steps(steps);
        let mut found = 0u64;
        while walk.step_on() {
            found += 1;
        }
        if walk.cut_short() { Err(LimitExceeded { limit: steps }) } else { Ok(found.into()) }
    }

    /// The bittings in lexicographic order, at most `limit` of them; see [`Bittings::cut_short`].
    pub fn bittings(&self, limit: u64) -> Bittings<'_> {
        Bittings::new(self, limit)
    }
}

/// Odd or even depths.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parity {
    /// Depths 1, 3, 5 ...
    Odd,
    /// Depths 0, 2, 4 ...
    Even,
}

impl std::fmt::Debug for Parity {
    /// The parities of a key halve the search for each of its cuts.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Parity(redacted)")
    }
}

impl Parity {
    /// The depths of this parity.
    pub const fn depths(self) -> DepthSet {
        match self {
            Self::Odd => DepthSet(0xAAAA_AAAA),
            Self::Even => DepthSet(0x5555_5555),
        }
    }

    /// The parity of a depth.
    pub const fn of(depth: Depth) -> Self {
        if depth.number() % 2 == 1 { Self::Odd } else { Self::Even }
    }
}

/// Transfer-matrix count over per-chamber sets: exact, in O(chambers x depths²).
pub(crate) fn count_columns(columns: &[DepthSet], macs: &Macs) -> BigUint {
    // 32 depths in at most 15 chambers are below 2^75, so u128 carries the sums without loss.
    let Some(first) = columns.first() else {
        return BigUint::from(0u8);
    };
    let mut ways = [0u128; 32];
    for depth in first.iter() {
        ways[depth.index()] = 1;
    }
    for (pair, step) in columns.windows(2).enumerate() {
        let mut next = [0u128; 32];
        for left in step[0].iter() {
            for right in step[1].and(macs.neighbours(pair, left)).iter() {
                next[right.index()] += ways[left.index()];
            }
        }
        ways = next;
    }
    ways.iter().map(|n| BigUint::from(*n)).sum()
}

/// Walks the bittings of a [`KeySpace`] in lexicographic order.
#[derive(Debug)]
pub struct Bittings<'a> {
    space: &'a KeySpace,
    neighbours: Vec<[DepthSet; 32]>,
    /// The columns without depths MACS lets lead nowhere: no beginning is walked in vain.
    columns: [DepthSet; MAX_CHAMBERS],
    untried: [DepthSet; MAX_CHAMBERS],
    cuts: [Depth; MAX_CHAMBERS],
    level: usize,
    left: u64,
    steps: u64,
    state: Walk,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Walk {
    Going,
    Finished,
    CutShort,
}

impl<'a> Bittings<'a> {
    fn new(space: &'a KeySpace, limit: u64) -> Self {
        let neighbours = space.macs.table(space.columns.len());
        let mut columns = [DepthSet::EMPTY; MAX_CHAMBERS];
        columns[..space.columns.len()].copy_from_slice(&space.columns);
        for (pair, row) in neighbours.iter().enumerate().rev() {
            let next = columns[pair + 1];
            columns[pair] = columns[pair].iter().filter(|depth| !row[depth.index()].and(next).is_empty()).collect();
        }
        let mut untried = [DepthSet::EMPTY; MAX_CHAMBERS];
        untried[0] = columns[0];
        Self {
            space,
            neighbours,
            columns,
            untried,
            cuts: [Depth::default(); MAX_CHAMBERS],
            level: 0,
            left: limit,
            steps: u64::MAX,
            state: Walk::Going,
        }
    }

    /// Gives up after trying this many cuts, found or not.
    #[must_use]
    pub fn within_steps(mut self, steps: u64) -> Self {
        self.steps = steps;
        self
    }

    /// True when a limit ended the walk before the last bitting was seen.
    pub fn cut_short(&self) -> bool {
        self.state == Walk::CutShort
    }

    /// Goes on until the next whole bitting stands in `cuts`; false at the end or at a limit.
    fn step_on(&mut self) -> bool {
        while self.state == Walk::Going {
            if self.steps == 0 {
                self.state = Walk::CutShort;
                break;
            }
            self.steps -= 1;
            if self.advance() {
                if self.left == 0 {
                    self.state = Walk::CutShort;
                    break;
                }
                self.left -= 1;
                return true;
            }
        }
        false
    }

    /// Takes the next depth at the current level; true when a whole bitting stands.
    fn advance(&mut self) -> bool {
        let Some(depth) = self.untried[self.level].shallowest() else {
            if self.level == 0 {
                self.state = Walk::Finished;
            } else {
                self.level -= 1;
            }
            return false;
        };
        self.untried[self.level] = self.untried[self.level].without(depth);
        let shape = &self.space.shape;
        let shaped = !shape.is_off();
        if shaped && !shape.admits_next(&self.cuts[..self.level], depth) {
            return false;
        }
        self.cuts[self.level] = depth;
        let last = self.space.columns.len() - 1;
        if self.level < last {
            let allowed = self.neighbours[self.level][depth.index()];
            self.level += 1;
            self.untried[self.level] = self.columns[self.level].and(allowed);
            return false;
        }
        !shaped || shape.admits_whole(&self.cuts[..=last])
    }
}

impl Iterator for Bittings<'_> {
    type Item = Bitting;

    fn next(&mut self) -> Option<Bitting> {
        self.step_on().then(|| Bitting::raw(&self.cuts[..self.space.columns.len()]))
    }
}
