//! The built binary, as a person and as other people's programs use it.

mod agree;
mod board;
mod calendar;
mod cards;
mod command;
mod commands;
mod configuration;
mod demo;
mod emulator;
mod export;
mod pages;
mod peers;
mod person;
mod portals;
mod release;
mod running;
mod school;
mod serve;
mod sign_in;
