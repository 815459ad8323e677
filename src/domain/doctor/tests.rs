//! The table of verdicts, cell by cell, and random courses of attempts against an imaginary database.

use super::*;

mod by_hand;
mod courses;
mod made;
mod overdue;
mod standing;
mod table;
mod unasked;
mod unlogged;
mod words;
