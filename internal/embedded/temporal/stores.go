package temporal

import (
	"context"
	"net"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/postgresql" // registers the driver named below
	"go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"     // registers the driver named below

	"trackly/internal/fault"
)

// Schemas of the server inside the product's database. Both have a table called
// schema_version, so they cannot be one.
const (
	mainSchema       = "temporal"
	visibilitySchema = "temporal_visibility"
)

// Connections per store and service; the four services share a database with us.
const (
	mainConns       = 20
	visibilityConns = 5
)

// stores are the two databases a server wants.
type stores struct{ main, visibility *config.SQL }

func openStores(ctx context.Context, o Options) (stores, error) {
	if o.PostgresURL == "" {
		c := inMemory()
		return stores{main: c, visibility: c}, nil
	}
	pg, err := pgx.ParseConfig(o.PostgresURL)
	if err != nil {
		// Not wrapped: the cause quotes the connection string.
		return stores{}, fault.New(fault.Invalid, "the database URL for Temporal cannot be read")
	}
	s := stores{main: onPostgres(pg, mainSchema, mainConns), visibility: onPostgres(pg, visibilitySchema, visibilityConns)}
	return s, migrate(ctx, pg, s)
}

// inMemory needs a name of its own: servers in one process would share a database.
func inMemory() *config.SQL {
	return &config.SQL{
		PluginName: sqlite.PluginName, DatabaseName: uuid.NewString(),
		ConnectAttributes: map[string]string{"mode": "memory", "cache": "shared"},
	}
}

func onPostgres(pg *pgx.ConnConfig, schema string, conns int) *config.SQL {
	return &config.SQL{
		PluginName: postgresql.PluginNamePGX, ConnectProtocol: "tcp",
		ConnectAddr: net.JoinHostPort(pg.Host, strconv.Itoa(int(pg.Port))),
		User:        pg.User, Password: pg.Password, DatabaseName: pg.Database,
		MaxConns: conns, MaxIdleConns: conns, MaxConnLifetime: time.Hour,
		ConnectAttributes: map[string]string{"search_path": schema + ",public"},
	}
}

func (s stores) config() config.Persistence {
	return config.Persistence{
		DefaultStore: "main", VisibilityStore: "visibility", NumHistoryShards: shards,
		DataStores: map[string]config.DataStore{"main": {SQL: s.main}, "visibility": {SQL: s.visibility}},
	}
}
