//! Reading a key symbol character by character, so that every error names its place.

use super::{KeySymbol, Letter, Master, SymbolError};
use std::str::FromStr;

/// Reads a symbol from the left; every step knows its place.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn done(&self) -> bool {
        self.at == self.text.len()
    }

    fn wrong(&self) -> SymbolError {
        if self.done() { SymbolError::Incomplete } else { SymbolError::Character(self.at + 1) }
    }

    fn end<T>(&self, value: T) -> Result<T, SymbolError> {
        if self.done() { Ok(value) } else { Err(self.wrong()) }
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.text[self.at..].starts_with(word.as_bytes());
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn number(&mut self) -> Result<Option<u32>, SymbolError> {
        let digits = self.text[self.at..].iter().take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 {
            return Ok(None);
        }
        if digits > 9 {
            return Err(SymbolError::Number(self.at + 1));
        }
        let value = self.text[self.at..self.at + digits].iter().fold(0, |n, b| n * 10 + u32::from(b - b'0'));
        self.at += digits;
        Ok(Some(value))
    }

    fn needed_number(&mut self) -> Result<u32, SymbolError> {
        self.number()?.ok_or_else(|| self.wrong())
    }

    fn letter(&mut self, fit: impl Fn(char) -> Option<Letter>) -> Result<Letter, SymbolError> {
        let letter = self.peek().and_then(|b| fit(char::from(b))).ok_or_else(|| self.wrong())?;
        self.at += 1;
        Ok(letter)
    }

    /// A pair of identical letters, as in 1AA.
    fn pair(&mut self) -> Result<char, SymbolError> {
        let first = self.letter(Letter::new)?;
        match self.peek() {
            Some(second) if char::from(second) == first.char() => {
                self.at += 1;
                Ok(first.char())
            }
            Some(_) => Err(SymbolError::Pair(self.at + 1)),
            None => Err(SymbolError::Incomplete),
        }
    }

    fn cross(&mut self) -> Result<KeySymbol, SymbolError> {
        if let Some(number) = self.number()? {
            if self.peek() == Some(b'X') && self.at + 1 == self.text.len() {
                return Ok(KeySymbol::CrossNoKey(number));
            }
            let letter = self.pair()?;
            return self.end(KeySymbol::CrossTwoLevel(number, letter));
        }
        let grand = self.letter(Letter::grand)?;
        let number = self.number()?;
        if self.done() {
            return number.map(|n| KeySymbol::CrossGrand(grand, n)).ok_or(SymbolError::Incomplete);
        }
        let letter = self.letter(Letter::new)?;
        let change = self.needed_number()?;
        self.end(KeySymbol::CrossMaster(Master { grand, page: number, letter }, change))
    }

    fn under_grand(&mut self) -> Result<KeySymbol, SymbolError> {
        let grand = self.letter(Letter::grand)?;
        let number = self.number()?;
        if self.done() {
            return Ok(number.map_or(KeySymbol::Grand(grand), |n| KeySymbol::ChangeUnderGrand(grand, n)));
        }
        let letter = self.letter(Letter::new)?;
        let master = Master { grand, page: number, letter };
        if self.done() {
            return Ok(KeySymbol::Master(master));
        }
        let change = self.needed_number()?;
        let unmastered = self.take("(NMK)");
        self.end(KeySymbol::Change(master, change, unmastered))
    }

    fn symbol(&mut self) -> Result<KeySymbol, SymbolError> {
        if self.take("GGM") {
            let number = self.number()?;
            return self.end(number.map_or(KeySymbol::GreatGrand, KeySymbol::ChangeUnderGreatGrand));
        }
        if self.take("SKD") {
            let number = self.needed_number()?;
            return self.end(KeySymbol::SingleKeyed(number));
        }
        if self.take("CTL") || self.take("CTR") {
            let letter = char::from(self.text[2]);
            let number = self.number()?;
            return self.end(KeySymbol::Control(letter, number));
        }
        if self.take("X") {
            return self.cross();
        }
        match self.number()? {
            Some(number) => {
                let letter = self.pair()?;
                let unmastered = self.take("(NMK)");
                self.end(KeySymbol::ChangeTwoLevel(number, letter, unmastered))
            }
            None => self.under_grand(),
        }
    }
}

impl FromStr for KeySymbol {
    type Err = SymbolError;

    fn from_str(text: &str) -> Result<Self, SymbolError> {
        if text.is_empty() {
            return Err(SymbolError::Empty);
        }
        Reader { text: text.as_bytes(), at: 0 }.symbol()
    }
}
