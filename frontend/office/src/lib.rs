//! Browser entry of the office: hydrates OfficeApp.
