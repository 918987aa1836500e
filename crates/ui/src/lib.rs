//! The look: fields, buttons, tables, timelines, documents. No server calls.
