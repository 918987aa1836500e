//! `Verified<T>`: a result that an independent check has passed, and that cannot be made otherwise.

use std::ops::Deref;

mod sealed {
    pub trait Sealed {}
}
pub(crate) use sealed::Sealed;

/// A result that can be checked without trusting the code that made it. Only this crate implements it.
pub trait Check: Sealed {
    /// What the check finds wrong.
    type Fault;
    /// Works the result out a second way and compares.
    fn check(&self) -> Result<(), Self::Fault>;
}

/// A value whose [`Check`] passed. There is no other way to make one, and no way to change it afterwards.
///
/// ```compile_fail,E0423
/// let vouched_for = keying::Verified(5);
/// ```
///
/// ```compile_fail,E0594
/// fn tamper(core: &mut keying::Verified<keying::PinSheet>) {
///     core.cylinder = "another".to_owned();
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T>(T);

impl<T: Check> Verified<T> {
    /// Runs the check and keeps the value when it passes.
    pub fn check(value: T) -> Result<Self, T::Fault> {
        value.check()?;
        Ok(Self(value))
    }

    /// Gives the value back, no longer vouched for.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}
