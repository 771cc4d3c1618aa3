# The program alone, without a shell, as a user without rights:
#   docker build -t reidrisk .
#   docker run --rm --network none -v "$PWD:/work" --user "$(id -u)" reidrisk audit release.toml
FROM rust:1-bookworm AS build
WORKDIR /source
COPY Cargo.toml Cargo.lock README.md LICENSE ./
COPY crates crates
COPY src src
COPY templates templates
COPY benches benches
RUN cargo install --locked --path . --root /out

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/bin/reidrisk /usr/local/bin/reidrisk
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/reidrisk"]
