//! What is known, written for people and for programs: tables and JSON.

pub mod json;
pub mod table;
