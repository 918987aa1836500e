//! The page layout where columns differ in size, and what its masters operate.

use crate::Shown;
use keying::*;

/// Block down, block across, key in the block.
type Place = (usize, usize, usize);

#[test]
fn pages_of_uneven_columns_keep_blocks_rows_and_lines_apart() -> Shown {
    let column = |numbers: &[u8]| numbers.iter().map(|n| Depth::new(*n)).collect::<Result<Vec<_>, _>>();
    let columns = vec![column(&[1, 2])?, column(&[1, 2, 3, 4, 5])?, column(&[1, 2, 3])?, column(&[1, 2])?];
    let array = KeyBittingArray::with_columns(TopMaster(Bitting::of(&[0; 4])?), columns)?;
    let keys = Progression::new(array, Method::TotalPosition)?;
    // p1 is chamber 4 (two cuts), p2 chamber 3 (three), p3 chamber 2 (five), and two pages for chamber 1.
    let pages = pages(&keys, 60)?;
    assert_eq!(pages.len(), 2);
    for page in &pages {
        assert_eq!(page.blocks.len(), 5, "blocks down vary p3");
        assert!(page.blocks.iter().all(|line| line.len() == 3), "blocks across vary p2");
        assert!(page.blocks.iter().flatten().all(|block| block.len() == 2), "keys in a block vary p1");
    }
    let at = |down: usize, across: usize, key: usize| pages[1].blocks[down][across][key].bitting;
    assert_eq!(at(3, 1, 0).numbers(), [2, 4, 2, 1]);
    assert_eq!(pages[1].blocks[3][1][0].number, 30 + 3 * 6 + 2 + 1);
    // Each master operates exactly the cylinders its name says.
    let top = keys.array().top().0;
    let operated = |kind: PageMaster| -> Result<Vec<Place>, BittingError> {
        let master = kind.over(&keys, &at(3, 1, 0)).ok_or(BittingError::Empty)?;
        let places = (0..5).flat_map(|d| (0..3).flat_map(move |a| (0..2).map(move |k| (d, a, k))));
        let turns = |(d, a, k): &Place| AcceptSets::of([&at(*d, *a, *k), &top]).map(|c| c.operates(&master));
        Ok(places.filter(|place| turns(place) == Ok(true)).collect())
    };
    let all = |fits: &dyn Fn(usize, usize, usize) -> bool| -> Vec<Place> {
        let places = (0..5).flat_map(|d| (0..3).flat_map(move |a| (0..2).map(move |k| (d, a, k))));
        places.filter(|(d, a, k)| fits(*d, *a, *k)).collect()
    };
    assert_eq!(operated(PageMaster::Block)?, all(&|d, a, _| (d, a) == (3, 1)), "one block");
    assert_eq!(operated(PageMaster::Row)?, all(&|d, _, k| (d, k) == (3, 0)), "one row of the blocks in a line across");
    assert_eq!(operated(PageMaster::HorizontalGroup)?, all(&|d, _, _| d == 3), "all blocks in a line across");
    assert_eq!(operated(PageMaster::VerticalGroup)?, all(&|_, a, _| a == 1), "all blocks in a line down");
    assert_eq!(operated(PageMaster::Page)?, all(&|_, _, _| true), "the page");
    Ok(())
}
