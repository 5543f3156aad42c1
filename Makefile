# Every target says what it is for behind "##"; make alone prints the list.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

ARGS ?=
FUZZTIME ?= 10s
TESTFLAGS ?=
# Two links of the Temporal server at once take more than 5 GB of memory.
LINKS ?= 2
TOOL := go tool -modfile=tools/go.mod
# Without symbol tables the largest binary is a third smaller and links faster.
LDFLAGS := -s -w
COMPOSE := docker compose --env-file data/compose.env

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## the whole product on this machine; options in ARGS="--listen ..."
	@scripts/postgres.sh
	@test -x build/standalone || echo "Building; the first time takes some minutes ..."
	@mkdir -p build
	@go build -ldflags '$(LDFLAGS)' -o build/standalone ./cmd/standalone
	@exec build/standalone $(ARGS)

.PHONY: build
build: ## build/trackly, the lean binary, and build/standalone
	mkdir -p build
	go build -ldflags '$(LDFLAGS)' -o build/ ./cmd/trackly ./cmd/standalone

.PHONY: test
test: ## everything that must pass, as a newcomer would run it
	scripts/test.sh -p $(LINKS) $(TESTFLAGS)

.PHONY: check
check: lint workflowcheck generate-check compose-check test ## what a commit must pass

.PHONY: lint
lint: ## golangci-lint, formatting included
	$(TOOL) golangci-lint run --allow-parallel-runners ./...

.PHONY: fmt
fmt: ## gofumpt and import groups, in place
	$(TOOL) golangci-lint fmt ./...

.PHONY: workflowcheck
workflowcheck: ## look for non-determinism in the workflows
	$(TOOL) workflowcheck ./workflows/...

.PHONY: generate
generate: ## write what is made from code: OpenAPI, state diagrams, demo data
	scripts/generate.sh

.PHONY: generate-check
generate-check: ## fail when generate would change something
	scripts/generate.sh --check

.PHONY: histories
histories: ## record replay fixtures; only from released code
	scripts/postgres.sh
	TRACKLY_RECORD_HISTORIES=1 go test -count=1 -run Recorded ./internal/e2e

.PHONY: replay
replay: ## replay the recorded histories against today's workflows
	go test -count=1 -run 'Replay' ./workers/...

.PHONY: bench
bench: ## the measured promises, each against a baseline; build/bench.json
	scripts/postgres.sh
	mkdir -p build
	go run ./bench $(ARGS)

.PHONY: drill
drill: ## the kill tests; prints what was lost or doubled; build/drill.json
	scripts/postgres.sh
	mkdir -p build
	go run ./drill $(ARGS)

.PHONY: fuzz
fuzz: ## every parser of foreign input for FUZZTIME each
	scripts/fuzz.sh $(FUZZTIME)

.PHONY: up
up: ## the production shape on one host, with Docker
	scripts/compose-env.sh data/compose.env
	$(COMPOSE) up --detach --build

.PHONY: down
down: ## stop what up started; data stays
	scripts/compose-env.sh data/compose.env
	$(COMPOSE) down

.PHONY: compose-check
compose-check: ## read docker-compose.yml as Docker would
	cd tools/composecheck && go vet ./... && go test ./... && go run . ../../docker-compose.yml

.PHONY: stop
stop: ## stop Postgres servers that killed runs left behind
	scripts/stop-postgres.sh data/postgres
	scripts/stop-postgres.sh

.PHONY: clean
clean: ## remove build/; never touches data/
	rm -rf build
