//! Each limit refuses just beyond itself and passes just within, with words.

use ink::limits::{MAX_BYTES, MAX_MS, MAX_POINTS, MAX_STROKES};
use ink::{Ink, InkError, Point, PointerKind, Stroke};

/// Ink of 600 by 200 with these strokes.
fn pad(strokes: &str) -> String {
    format!(r#"{{"v":1,"w":600,"h":200,"r":200,"s":[{strokes}]}}"#)
}

fn stroke(numbers: &str) -> String {
    pad(&format!(r#"{{"k":"pen","d":[{numbers}]}}"#))
}

#[test]
fn ordinary_ink_is_read() {
    let ink = Ink::parse(&pad(r#"{"k":"pen","d":[100,200,0,128,50,-10,8,2]},{"k":"touch","d":[0,0,900,0]}"#)).unwrap();
    let pen = Stroke {
        pointer: PointerKind::Pen,
        points: vec![Point { x: 100, y: 200, t: 0, p: 128 }, Point { x: 150, y: 190, t: 8, p: 130 }],
    };
    let touch = Stroke { pointer: PointerKind::Touch, points: vec![Point { x: 0, y: 0, t: 900, p: 0 }] };
    assert_eq!(ink, Ink::new(600, 200, 200, vec![pen, touch]).unwrap());
    assert_eq!((ink.point_count(), ink.duration_ms()), (3, 900));
}

#[test]
fn spaces_and_another_order_of_keys_are_read() {
    let spaced =
        "\n{ \"s\" : [ { \"d\" : [ 1 , 2 , 0 , 3 ] , \"k\" : \"mouse\" } ] , \"r\":100,\"h\":200,\"w\":600,\"v\":1 }\t";
    let plain = r#"{"v":1,"w":600,"h":200,"r":100,"s":[{"k":"mouse","d":[1,2,0,3]}]}"#;
    assert_eq!(Ink::parse(spaced).unwrap().to_json(), plain);
}

#[test]
fn other_forms_are_malformed() {
    let cases = [
        "",
        " ",
        "null",
        "[]",
        "{}",
        "0",
        "\"\"",
        "{",
        "{\"v\"",
        "{\"v\":",
        "{\"v\":1,",
        "\u{feff}{}",
        r#"{"v":2,"w":600,"h":200,"r":200,"s":[]}"#,
        r#"{"v":1,"w":600,"h":200,"r":200}"#,
        r#"{"v":1,"v":1,"w":600,"h":200,"r":200,"s":[]}"#,
        r#"{"v":1,"w":600,"h":200,"r":200,"s":[],"x":1}"#,
        r#"{"v":1,"w":600,"h":200,"r":200,"s":[],}"#,
        r#"{"v":1,"w":600,"h":200,"r":200,"s":[]} {}"#,
        r#"{"v":1,"w":-600,"h":200,"r":200,"s":[]}"#,
        r#"{"v":1,"w":"600","h":200,"r":200,"s":[]}"#,
        r#"{"\u0076":1,"w":600,"h":200,"r":200,"s":[]}"#,
    ];
    for case in cases {
        assert!(matches!(Ink::parse(case), Err(InkError::Malformed { .. })), "{case}");
    }
    let numbers = [
        "1,2,0",
        "1,2,0,3,",
        ",1,2,0,3",
        "1.0,2,0,3",
        "1e1,2,0,3",
        "+1,2,0,3",
        "01,2,0,3",
        "-0,2,0,3",
        "-,2,0,3",
        "NaN,2,0,3",
        "null,2,0,3",
        "1,2,0,256",
        "1,2,0,-1",
        "99999999999,2,0,3",
        "[1,2,0,3]",
        "\"1\",2,0,3",
    ];
    for case in numbers {
        assert!(matches!(Ink::parse(&stroke(case)), Err(InkError::Malformed { .. })), "{case}");
    }
    for case in
        [r#"{"k":"eraser","d":[1,2,0,3]}"#, r#"{"d":[1,2,0,3]}"#, r#"{"k":"pen"}"#, r#"{"k":"pen","d":{}}"#, "1", "[]"]
    {
        assert!(matches!(Ink::parse(&pad(case)), Err(InkError::Malformed { .. })), "{case}");
    }
}

#[test]
fn depth_does_not_matter() {
    assert!(Ink::parse(&"[".repeat(MAX_BYTES)).is_err());
    assert!(Ink::parse(&"{\"s\":".repeat(MAX_BYTES / 5)).is_err());
    assert!(Ink::parse(&pad(&"[".repeat(100_000))).is_err());
}

#[test]
fn size_and_counts_are_bounded() {
    assert_eq!(Ink::parse(&" ".repeat(MAX_BYTES + 1)), Err(InkError::TooLarge));
    let dots = |count: usize| pad(&vec![r#"{"k":"pen","d":[1,2,0,3]}"#; count].join(","));
    assert!(Ink::parse(&dots(MAX_STROKES)).is_ok());
    assert_eq!(Ink::parse(&dots(MAX_STROKES + 1)), Err(InkError::TooManyStrokes));
    let points = |count: usize| stroke(&vec!["0,0,0,0"; count].join(","));
    assert!(Ink::parse(&points(MAX_POINTS)).is_ok());
    assert_eq!(Ink::parse(&points(MAX_POINTS + 1)), Err(InkError::TooManyPoints));
    assert_eq!(Ink::parse(&stroke("")), Err(InkError::EmptyStroke));
}

#[test]
fn points_stay_in_the_box() {
    for inside in ["-800,-800,0,0", "60800,20800,0,0"] {
        assert!(Ink::parse(&stroke(inside)).is_ok(), "{inside}");
    }
    for outside in [
        "-801,0,0,0",
        "0,-801,0,0",
        "60801,0,0,0",
        "0,20801,0,0",
        "2147483647,0,0,0,2147483647,0,0,0",
        "-2147483648,0,0,0",
    ] {
        assert_eq!(Ink::parse(&stroke(outside)), Err(InkError::OutOfBox), "{outside}");
    }
    for (width, height, ratio) in [(0, 200, 100), (39, 200, 100), (600, 4_097, 100), (600, 200, 0), (600, 200, 2_001)] {
        assert_eq!(Ink::new(width, height, ratio, vec![]), Err(InkError::Box));
    }
}

#[test]
fn time_starts_at_zero_and_never_goes_back() {
    assert_eq!(Ink::parse(&stroke("1,1,5,0")), Err(InkError::Time));
    assert_eq!(Ink::parse(&stroke("1,1,0,0,1,1,9,0,1,1,-1,0")), Err(InkError::Time));
    assert_eq!(Ink::parse(&pad(r#"{"k":"pen","d":[1,1,0,0,1,1,9,0]},{"k":"pen","d":[1,1,8,0]}"#)), Err(InkError::Time));
    assert!(Ink::parse(&stroke(&format!("1,1,0,0,1,1,{MAX_MS},0"))).is_ok());
    assert_eq!(Ink::parse(&stroke(&format!("1,1,0,0,1,1,{},0", MAX_MS + 1))), Err(InkError::Time));
    assert_eq!(Ink::parse(&stroke("1,1,-1,0")), Err(InkError::Time));
}

#[test]
fn a_quarter_of_the_width_is_a_signature() {
    let line = |length: u32| Ink::parse(&stroke(&format!("0,0,0,0,{length},0,50,0"))).unwrap();
    assert_eq!(Ink::parse(&pad("")).unwrap().ensure_signature(), Err(InkError::Empty));
    assert_eq!(Ink::parse(&stroke("500,500,0,0")).unwrap().ensure_signature(), Err(InkError::TooShort));
    assert_eq!(line(14_999).ensure_signature(), Err(InkError::TooShort));
    assert_eq!(line(15_000).ensure_signature(), Ok(()));
}

#[test]
fn a_way_along_outside_the_edge_counts_nothing() {
    let outside = Ink::parse(&stroke("0,-800,0,0,0,750,10,0,0,-750,10,0")).unwrap();
    assert_eq!(outside.path_px(), 0.0);
}
