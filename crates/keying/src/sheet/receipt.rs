//! Receipts for keys given out and brought back. They show symbols and serials, never a cut.

use super::Sheet;

/// A key on a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptLine {
    /// The key symbol.
    pub symbol: String,
    /// Serial of the copy within its key set, counted from 1.
    pub serial: u32,
}

/// What a receipt says. Texts stand as the shop writes them; empty ones are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Receipt {
    /// Who holds the keys.
    pub holder: String,
    /// The holder's organisation.
    pub organisation: String,
    /// The keys.
    pub keys: Vec<ReceiptLine>,
    /// Date of the hand-over.
    pub date: String,
    /// When they are due back.
    pub due: String,
    /// Deposit taken or given back, with its currency.
    pub deposit: String,
    /// Conditions the holder agrees to.
    pub conditions: Vec<String>,
    /// Who hands the keys out, or takes them back.
    pub issuer: String,
}

/// Whether keys go out or come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptKind {
    /// The holder takes the keys.
    Issue,
    /// The holder brings them back.
    Return,
}

impl Receipt {
    /// The receipt as text with lines for both signatures.
    pub fn sheet(&self, kind: ReceiptKind) -> Sheet {
        let (title, deposit, due) = match kind {
            ReceiptKind::Issue => ("Key issue receipt", "Deposit paid", "Due back"),
            ReceiptKind::Return => ("Key return receipt", "Deposit given back", "Was due"),
        };
        let facts = [
            ("Holder", &self.holder),
            ("Organisation", &self.organisation),
            ("Date", &self.date),
            (due, &self.due),
            (deposit, &self.deposit),
        ];
        let given = facts.into_iter().filter(|(_, text)| !text.is_empty());
        let mut lines: Vec<String> = given.map(|(name, text)| format!("{name}: {text}")).collect();
        lines.push(format!("Keys: {}", self.keys.len()));
        lines.extend(self.keys.iter().map(|key| format!("  {}-{:02}", key.symbol, key.serial)));
        if kind == ReceiptKind::Issue {
            lines.extend(self.conditions.iter().cloned());
        }
        for (role, name) in [("Holder", &self.holder), ("Issuer", &self.issuer)] {
            lines.push(String::new());
            lines.push(format!("{role} ______________________ {name}"));
        }
        Sheet::new(title, false, lines)
    }
}
