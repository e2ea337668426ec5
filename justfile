# The front door: `just` lists what there is.

default:
    @just --list

# lints, as CI does
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

# every test, with the judges when they are installed
test:
    cargo test --workspace

# installs other people's clients for the judges
peers:
    peers/install

# accepts changed snapshots
snapshots:
    INSTA_UPDATE=always cargo test --workspace

# servers of our own, for `CARTABLE_TEST_POSTGRES` and `CARTABLE_TEST_MYSQL`; `peers/postgres stop target/postgres` ends one
services:
    peers/postgres start target/postgres
    peers/mariadb start target/mariadb

# an invented school on this machine
demo:
    cargo run --release -- demo

# micro-benches, and the same work beside other clients
bench:
    cargo bench -p pronote
    cargo bench -p server
    cargo bench -p card
    peers/bench
    peers/bench-gateway
    peers/bench-tokens
    peers/bench-board
    peers/bench-card

# looks for input that breaks a reader, some seconds for each
fuzz seconds="60" *targets:
    fuzz/run {{seconds}} {{targets}}

# all of it, as CI runs it
ci:
    CI=true bash .ci/run
