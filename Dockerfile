# syntax=docker/dockerfile:1

# The twin as one static file, with the page and the rate card beside it and nothing else: no shell, no libraries.
#
#   docker build --tag textmeter .
#   docker run --publish 8080:8080 --volume textmeter:/data textmeter

FROM node:22-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
# Node optimises the WebAssembly of the page; the C of SQLite, ring and the allocator is compiled against musl.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
# hadolint ignore=DL3008
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
    && apt-get update \
    && apt-get install --yes --no-install-recommends musl-tools \
    && rm -rf /var/lib/apt/lists/*
# The image's own compiler, where rust-toolchain.toml would fetch the newest one.
ENV RUSTUP_TOOLCHAIN=$RUST_VERSION
WORKDIR /src
COPY . .
RUN rustup target add "$(uname -m)-unknown-linux-musl" wasm32-unknown-unknown
RUN cargo xtask dist
RUN target="$(uname -m)-unknown-linux-musl" \
    && cargo build --release --locked --package textmeter-server --bin textmeter --target "$target" \
    && mkdir -p /image/site /image/data \
    && cp "target/$target/release/textmeter" rates.json /image/ \
    && cp -R target/site/. /image/site/ \
    # Whoever may not write to the folder of the ledger cannot open it; a new volume takes its owner from the image.
    && chown -R 65532:65532 /image/data

FROM scratch
COPY --from=build /image/ /
# Nobody's number on most systems, and never root's.
USER 65532:65532
WORKDIR /data
VOLUME /data
# The environment is stronger than a file and weaker than a flag: `docker run … serve --log text`.
ENV TEXTMETER_LISTEN=0.0.0.0:8080 \
    TEXTMETER_DB=/data/textmeter.db \
    TEXTMETER_RATES=/rates.json \
    TEXTMETER_SITE=/site \
    TEXTMETER_LOG=json
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s --retries=3 CMD ["/textmeter", "health"]
ENTRYPOINT ["/textmeter"]
CMD ["serve"]
