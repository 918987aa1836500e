//! Reading the inputs of a worked case, by the conventions of the file.

use keying::*;
use serde_json::{Map, Value};

/// Why a case has no answer; printed as the case's result.
pub type Wrong = Box<dyn std::error::Error>;

/// The input object of one case.
pub struct Input<'a>(pub &'a Value);

impl<'a> Input<'a> {
    pub fn has(&self, name: &str) -> bool {
        !self.0[name].is_null()
    }

    pub fn number(&self, name: &str) -> Result<u64, Wrong> {
        self.0[name].as_u64().ok_or_else(|| format!("{name} is missing or no number").into())
    }

    pub fn number_or(&self, name: &str, otherwise: u64) -> Result<u64, Wrong> {
        if self.has(name) { self.number(name) } else { Ok(otherwise) }
    }

    pub fn small(&self, name: &str) -> Result<u32, Wrong> {
        Ok(u32::try_from(self.number(name)?)?)
    }

    fn byte_if(&self, name: &str) -> Result<Option<u8>, Wrong> {
        if self.has(name) { Ok(Some(u8::try_from(self.number(name)?)?)) } else { Ok(None) }
    }

    pub fn text(&self, name: &str) -> Result<&'a str, Wrong> {
        self.0[name].as_str().ok_or_else(|| format!("{name} is missing or no text").into())
    }

    pub fn list(&self, name: &str) -> Result<&'a Vec<Value>, Wrong> {
        self.0[name].as_array().ok_or_else(|| format!("{name} is missing or no list").into())
    }

    pub fn object(&self, name: &str) -> Result<&'a Map<String, Value>, Wrong> {
        self.0[name].as_object().ok_or_else(|| format!("{name} is missing or no object").into())
    }

    /// A length given as a floating-point number of inches.
    pub fn inch(&self, name: &str) -> Result<Length, Wrong> {
        let inch = self.0[name].as_f64().ok_or_else(|| format!("{name} is missing or no number"))?;
        Ok(Length::parse_inch(&format!("{inch:.4}"))?)
    }

    /// As [`Input::inch`], but never more than was given.
    pub fn inch_at_most(&self, name: &str) -> Result<Length, Wrong> {
        let inch = self.0[name].as_f64().ok_or_else(|| format!("{name} is missing or no number"))?;
        // A ten-thousandth written as a binary fraction may lie a hair below itself.
        Ok(Length::parse_inch(&format!("{:.4}", (inch * 10_000.0 + 1e-6).floor() / 10_000.0))?)
    }

    pub fn lo(&self) -> Result<Depth, Wrong> {
        Ok(Depth::new(self.byte_if("lo")?.unwrap_or(0))?)
    }

    pub fn hi(&self) -> Result<Depth, Wrong> {
        Ok(Depth::new(self.byte_if("hi")?.unwrap_or(9))?)
    }

    pub fn macs(&self) -> Result<Macs, Wrong> {
        Ok(self.byte_if("macs")?.map_or(Macs::Unlimited, Macs::Limit))
    }

    pub fn rule(&self) -> Result<ColumnRule, Wrong> {
        let step = self.byte_if("step")?.unwrap_or(2);
        let min_gap = self.byte_if("min_gap")?.unwrap_or(1).into();
        Ok(ColumnRule { lo: self.lo()?, hi: self.hi()?, step, min_gap })
    }

    pub fn shape(&self, chambers: usize) -> Result<ShapeRules, Wrong> {
        if let Some(grade) = self.byte_if("en1303_grade")? {
            return ShapeRules::en1303(grade, chambers).ok_or_else(|| "EN 1303 grades run from 1 to 6".into());
        }
        Ok(ShapeRules {
            max_same_run: self.byte_if("max_same_run")?,
            max_same: self.byte_if("max_same")?,
            forbid_monotone: self.0["forbid_monotone"].as_bool().unwrap_or(false),
            min_span: self.byte_if("min_span")?,
            ..ShapeRules::NONE
        })
    }

    pub fn bitting(&self, name: &str) -> Result<Bitting, Wrong> {
        bitting(&self.0[name])
    }

    pub fn columns(&self, name: &str) -> Result<Vec<Vec<Depth>>, Wrong> {
        self.list(name)?.iter().map(depths).collect()
    }

    pub fn sets(&self, name: &str) -> Result<Vec<DepthSet>, Wrong> {
        Ok(self.columns(name)?.into_iter().map(|column| column.into_iter().collect()).collect())
    }

    /// The array of `tmk`, with `columns` when they are given.
    pub fn array(&self, tmk: &str) -> Result<KeyBittingArray, Wrong> {
        let top = TopMaster(self.bitting(tmk)?);
        if self.has("columns") {
            return Ok(KeyBittingArray::with_columns(top, self.columns("columns")?)?);
        }
        Ok(KeyBittingArray::by_rule(top, self.rule()?))
    }

    /// A list of chambers by number.
    pub fn chambers(&self, name: &str) -> Result<Vec<Chamber>, Wrong> {
        depths_or_chambers(&self.0[name])?.into_iter().map(|n| Ok(Chamber::new(n)?)).collect()
    }

    /// Named or unnamed keys: unnamed ones are called key 1, key 2 ...
    pub fn key_sets(&self) -> Result<Vec<KeySet>, Wrong> {
        let named = |(i, key): (usize, &Value)| Ok(KeySet { symbol: format!("key {}", i + 1), bitting: bitting(key)? });
        self.list("keys")?.iter().enumerate().map(named).collect()
    }

    /// The schedule of `keys` and `cylinders`.
    pub fn schedule(&self) -> Result<KeySchedule, Wrong> {
        let mut schedule = KeySchedule::new();
        for (symbol, key) in self.object("keys")? {
            schedule.add_alike_key(symbol, bitting(key)?)?;
        }
        for (id, keys) in self.object("cylinders")? {
            schedule.add_cylinder(id, &names(keys)?)?;
        }
        Ok(schedule)
    }
}

fn depths_or_chambers(value: &Value) -> Result<Vec<u8>, Wrong> {
    let list = value.as_array().ok_or("a list of numbers is missing")?;
    let number = |v: &Value| Ok(u8::try_from(v.as_u64().ok_or("no number")?)?);
    list.iter().map(number).collect()
}

pub fn depths(value: &Value) -> Result<Vec<Depth>, Wrong> {
    depths_or_chambers(value)?.into_iter().map(|n| Ok(Depth::new(n)?)).collect()
}

pub fn bitting(value: &Value) -> Result<Bitting, Wrong> {
    Ok(Bitting::new(&depths(value)?)?)
}

/// A list of names; anything else in it is an error.
pub fn names(value: &Value) -> Result<Vec<&str>, Wrong> {
    let list = value.as_array().ok_or("a list of names is missing")?;
    list.iter().map(|name| name.as_str().ok_or_else(|| "a name is no text".into())).collect()
}
