//! Northgate's clients. Nobody of them exists.

use crate::seed::clients::Story;

/// Firms, a school, a clinic.
pub const FIRMS: &[Story] = &[
    Story {
        kind: "company",
        name: "Harbour View Offices",
        phone: "416 555 0121",
        alert: "Report at the security desk before going up.",
        terms: "30",
        tags: "key system, contract",
        places: &[
            ("Tower, five floors", "1 Quayside Walk, Toronto ON  M5J 0H2", 80, "HV-"),
            ("Parking garage", "3 Quayside Walk, Toronto ON  M5J 0H2", 6, "HVP-"),
        ],
        people: &[
            ("Priscilla Vane", "Building manager", true, ""),
            ("Rupert Hollis", "Chief of security", true, ""),
            ("Nadia Croft", "Facilities", true, ""),
            ("Gordon Abbey", "Accounts payable", false, ""),
            ("Milla Stroud", "Reception", false, ""),
            ("Owen Tarrant", "Night desk", false, ""),
        ],
        access: "Loading dock opens 6:00. Service lift: ask the desk for the blue card. Alarm of floor 3 is on after 20:00.",
    },
    Story {
        kind: "company",
        name: "Elmwood Primary School",
        phone: "416 555 0122",
        alert: "No work in corridors during lessons. Sign in at the office.",
        terms: "30",
        tags: "school, interchangeable core",
        places: &[
            ("Block A", "40 Elmwood Road, Toronto ON  M4K 0B7", 30, "A"),
            ("Block B", "40 Elmwood Road, Toronto ON  M4K 0B7", 24, "B"),
            ("Gymnasium", "42 Elmwood Road, Toronto ON  M4K 0B7", 20, "G"),
        ],
        people: &[
            ("Harriet Lowell", "Principal", true, ""),
            ("Walter Finch", "Caretaker", true, "2025-06-30"),
            ("Ines Moreau", "Office", false, ""),
            ("Clive Ashdown", "School board, accounts", false, ""),
            ("Joan Petrie", "Vice-principal", false, ""),
        ],
        access: "Caretaker's bell left of the gate. The key safe of Block B is behind the downpipe.",
    },
    Story {
        kind: "company",
        name: "Maple Court Apartments",
        phone: "905 555 0123",
        alert: "",
        terms: "14",
        tags: "48 units, laundry",
        places: &[
            ("East stair, 1AA–24AA", "77 Maple Court, Mississauga ON  L5B 0C3", 59, "E"),
            ("West stair, 25AA–48AA", "79 Maple Court, Mississauga ON  L5B 0C3", 59, "W"),
        ],
        people: &[
            ("Beatrix Olander", "Property manager", true, ""),
            ("Sam Tolliver", "Superintendent", false, ""),
            ("Rosa Emmett", "Leasing", false, ""),
            ("Dirk Hanley", "Accounts", false, ""),
        ],
        access: "Superintendent lives in 1AA; after hours ring twice.",
    },
    Story {
        kind: "company",
        name: "St Brigid Clinic",
        phone: "416 555 0124",
        alert: "Restricted keyway: keys only on a letter of a signatory.",
        terms: "30",
        tags: "restricted",
        places: &[("", "12 Abbey Street, Toronto ON  M5A 0K4", 34, "C")],
        people: &[
            ("Dr. Maeve Corrigan", "Director", true, ""),
            ("Lionel Sachs", "Administrator", true, ""),
            ("Petra Nolan", "Pharmacy", false, ""),
            ("Hugh Barlow", "Facilities", false, ""),
        ],
        access: "Staff entrance in the yard, code changes on the first of the month: ask the administrator.",
    },
    Story {
        kind: "property_manager",
        name: "Kestrel Property Management",
        phone: "416 555 0125",
        alert: "Order number on every invoice, or they send it back.",
        terms: "45",
        tags: "key sets",
        places: &[
            ("Property 1", "9 Larch Avenue, Toronto ON  M6H 0A1", 0, ""),
            ("Property 2", "31 Larch Avenue, Toronto ON  M6H 0A1", 0, ""),
            ("Property 3", "4 Tannery Row, Toronto ON  M6J 0C8", 0, ""),
            ("Property 4", "17 Tannery Row, Toronto ON  M6J 0C8", 0, ""),
            ("Property 5", "220 Beacon Street, Toronto ON  M4M 0D5", 0, ""),
            ("Property 6", "226 Beacon Street, Toronto ON  M4M 0D5", 0, ""),
            ("Property 7", "58 Weaver Close, Toronto ON  M4L 0E2", 0, ""),
            ("Property 8", "60 Weaver Close, Toronto ON  M4L 0E2", 0, ""),
            ("Property 9", "5 Orchard Hill, Toronto ON  M2N 0F6", 0, ""),
            ("Property 10", "7 Orchard Hill, Toronto ON  M2N 0F6", 0, ""),
            ("Property 11", "101 Canal Parade, Toronto ON  M8V 0G9", 0, ""),
            ("Property 12", "103 Canal Parade, Toronto ON  M8V 0G9", 0, ""),
            ("Property 13", "14 Windmill Lane, Toronto ON  M9A 0H3", 0, ""),
            ("Property 14", "16 Windmill Lane, Toronto ON  M9A 0H3", 0, ""),
        ],
        people: &[
            ("Yvonne Kestrel", "Director", true, ""),
            ("Amos Littleton", "Maintenance", false, ""),
            ("Freya Donner", "Invoices", false, ""),
        ],
        access: "Lock box at every door; the codes are on the list in our cabinet.",
    },
    Story {
        kind: "fleet",
        name: "QuickFleet Rentals",
        phone: "905 555 0126",
        alert: "",
        terms: "30",
        tags: "vehicles",
        places: &[("Depot", "600 Airway Drive, Mississauga ON  L5S 0J1", 0, "")],
        people: &[("Hector Ridley", "Fleet manager", false, ""), ("Jolene Baxter", "Depot", false, "")],
        access: "",
    },
];

macro_rules! household {
    ($name:literal, $partner:literal, $address:literal) => {
        Story {
            kind: "person",
            name: $name,
            places: &[("", $address, 0, "")],
            people: &[($name, "", false, ""), ($partner, "", false, "")],
            phone: "",
            alert: "",
            terms: "",
            tags: "",
            access: "",
        }
    };
}

/// Eighteen households.
pub fn households() -> [Story; 18] {
    [
        household!("Alma Whitfield", "Roger Whitfield", "3 Birch Street, Toronto ON  M4E 0A2"),
        household!("Bernard Oakes", "Celia Oakes", "15 Birch Street, Toronto ON  M4E 0A2"),
        household!("Carmen Idris", "Paul Idris", "88 Gable Road, Toronto ON  M6P 0B4"),
        household!("Desmond Pratt", "Lucy Pratt", "9 Hollow Way, Toronto ON  M5R 0C6"),
        household!("Edith Marlowe", "Stanley Marlowe", "27 Kiln Street, Toronto ON  M4P 0D8"),
        household!("Felix Amari", "Noor Amari", "112 Lantern Avenue, Toronto ON  M6C 0E1"),
        household!("Greta Lindholm", "Axel Lindholm", "41 Mill Pond Road, Toronto ON  M3B 0F3"),
        household!("Hamid Sorrell", "Anita Sorrell", "6 Nettle Lane, Toronto ON  M1E 0G5"),
        household!("Isla Drummond", "Ewan Drummond", "73 Old Ferry Road, Toronto ON  M8W 0H7"),
        household!("Jerome Castell", "Vera Castell", "19 Poplar Rise, Toronto ON  M9B 0J9"),
        household!("Kirsten Vale", "Thomas Vale", "54 Quarry Street, Toronto ON  M4C 0K2"),
        household!("Leopold Hart", "Mina Hart", "130 Rose Terrace, Toronto ON  M6G 0L4"),
        household!("Marisol Bay", "Ivan Bay", "22 Saddler Street, Toronto ON  M4J 0M6"),
        household!("Nigel Thorpe", "Agnes Thorpe", "8 Tower Hill, Toronto ON  M5S 0N8"),
        household!("Odette Ferris", "Max Ferris", "95 Upper Bank, Toronto ON  M2P 0P1"),
        household!("Percy Langdon", "Dora Langdon", "37 Vine Street, Toronto ON  M4X 0R3"),
        household!("Rhoda Quill", "Simon Quill", "64 Willow Bend, Toronto ON  M9P 0S5"),
        household!("Sylvia Tran", "Victor Tran", "11 Yew Court, Toronto ON  M4V 0T7"),
    ]
}
