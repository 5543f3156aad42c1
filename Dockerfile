# The lean binary: API, worker, migrations. It carries no server.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
# The last stage has no zone data of its own: timetzdata puts it into the binary.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -tags timetzdata -ldflags '-s -w' -o /out/trackly ./cmd/trackly && \
    cd tools/probe && CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /out/probe .

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/trackly /out/probe /
EXPOSE 8080 9090
ENTRYPOINT ["/trackly"]
CMD ["api"]
