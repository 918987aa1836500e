//! The tree against the known answers of RFC 6962's reference implementation, and against itself at every size.

use proof::{Frontier, Ground, Hash, TILE, consistency, consistent, hex, included, inclusion, leaf, root, sha256};

/// The eight inputs of the reference implementation's test.
const INPUTS: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

/// The roots of the trees over the first one, two … eight of them.
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|n| leaf(&n.to_be_bytes())).collect()
}

#[test]
fn roots_are_those_of_the_reference() {
    let leaves: Vec<Hash> = INPUTS.iter().map(|input| leaf(input)).collect();
    let mut frontier = Frontier::default();
    assert_eq!(hex(&frontier.root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (n, expected) in ROOTS.iter().enumerate() {
        frontier.push(leaves[n]);
        assert_eq!(hex(&root(&leaves[..=n])), *expected);
        assert_eq!(hex(&frontier.root()), *expected);
    }
}

#[test]
fn paths_are_those_of_the_reference() {
    let leaves: Vec<Hash> = INPUTS.iter().map(|input| leaf(input)).collect();
    let path = |hashes: Option<Vec<Hash>>| hashes.unwrap().iter().map(|hash| hex(hash)).collect::<Vec<_>>();
    assert_eq!(
        path(inclusion(0, &leaves)),
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ]
    );
    assert_eq!(
        path(inclusion(5, &leaves)),
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
    assert_eq!(
        path(consistency(6, &leaves)),
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
}

#[test]
fn each_leaf_of_each_tree_is_included_and_nowhere_else() {
    for size in 1..40 {
        let all = leaves(size);
        let top = root(&all);
        for index in 0..size {
            let path = inclusion(index, &all).unwrap();
            for at in 0..=size {
                let held = included(&all[index], at as u64, size as u64, &path, &top);
                assert_eq!(held, at == index, "leaf {index} of {size} at {at}");
            }
            assert!(!included(&all[index], index as u64, size as u64 + 1, &path, &root(&leaves(size + 1))));
            assert!(!included(&leaf(b"forged"), index as u64, size as u64, &path, &top));
            let mut longer = path.clone();
            longer.push(sha256(&[b"more"]));
            assert!(!included(&all[index], index as u64, size as u64, &longer, &top));
        }
        assert_eq!(inclusion(size, &all), None);
    }
}

#[test]
fn a_tree_continues_only_its_own_beginning() {
    for new in 1..40 {
        let all = leaves(new);
        let top = root(&all);
        for old in 1..=new {
            let (path, was) = (consistency(old, &all).unwrap(), root(&all[..old]));
            assert!(consistent((old as u64, &was), (new as u64, &top), &path), "{old} of {new}");
            let other = sha256(&[b"another beginning"]);
            assert!(!consistent((old as u64, &other), (new as u64, &top), &path));
            assert!(!consistent((old as u64, &was), (new as u64, &other), &path));
            for flipped in 0..path.len() {
                let mut path = path.clone();
                path[flipped][0] ^= 1;
                assert!(!consistent((old as u64, &was), (new as u64, &top), &path));
            }
        }
    }
}

#[test]
fn a_frontier_written_down_goes_on_where_it_was() {
    for size in 0..40_usize {
        let mut frontier = Frontier::default();
        leaves(size).into_iter().for_each(|leaf| frontier.push(leaf));
        let mut read = Frontier::from_bytes(size as u64, &frontier.to_bytes()).unwrap();
        read.push(leaf(&size.to_be_bytes()));
        assert_eq!(read.root(), root(&leaves(size + 1)));
        assert_eq!(
            Frontier::from_bytes(size as u64 + 1, &frontier.to_bytes()).is_some(),
            (size + 1).count_ones() == size.count_ones()
        );
    }
}

#[test]
fn paths_from_tiles_are_those_from_all_leaves() {
    let all = leaves(3 * TILE + 7);
    for size in [1, 2, TILE - 1, TILE, TILE + 1, 2 * TILE, 2 * TILE + 1, 3 * TILE, 3 * TILE + 7] {
        let whole = size / TILE;
        let tile = |n: usize| &all[n * TILE..(n + 1) * TILE];
        let roots: Vec<Hash> = (0..whole).map(|n| root(tile(n))).collect();
        for index in (0..size).step_by(17).chain([size - 1]) {
            let near = if index / TILE < whole { tile(index / TILE).concat() } else { Vec::new() };
            let ground = Ground::read(&roots.concat(), &near, &all[whole * TILE..size].concat()).unwrap();
            assert_eq!(ground.path(index), inclusion(index, &all[..size]), "{index} of {size}");
        }
        assert_eq!(Ground::read(&roots.concat(), &[], &[1]), None);
    }
}
