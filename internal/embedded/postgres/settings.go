package postgres

import "strconv"

// arguments are the server's command line. Settings travel there and not in
// postgresql.conf, so a newer release changes them without editing a user's file.
func (o Options) arguments(data string, port int) []string {
	args := []string{"-D", data}
	for _, s := range append(o.base(port), o.durability()...) {
		args = append(args, "-c", s)
	}
	return args
}

func (o Options) base(port int) []string {
	return []string{
		"listen_addresses=" + host, "port=" + strconv.Itoa(port),
		"unix_socket_directories=", // a socket path has 107 bytes at most, a data folder may be deeper
		"shared_buffers=" + o.Tuning.SharedBuffers,
		"max_connections=" + strconv.Itoa(o.Tuning.MaxConnections),
		"effective_cache_size=1GB", "work_mem=16MB", "maintenance_work_mem=128MB",
		"wal_compression=on", "max_wal_size=2GB", "checkpoint_timeout=15min",
		"random_page_cost=1.1",                // no spinning disks
		"autovacuum_vacuum_scale_factor=0.05", // queue-like tables turn over completely in an hour
		"autovacuum_naptime=15s", "jit=off",   // many short queries
		"timezone=UTC", "log_timezone=UTC",
		// Statements and their details hold phone numbers and texts; a log must not.
		"log_min_messages=warning", "log_error_verbosity=terse",
		"log_min_error_statement=panic", "log_parameter_max_length=0",
	}
}

func (o Options) durability() []string {
	if o.Throwaway {
		return []string{"fsync=off", "synchronous_commit=off", "full_page_writes=off"}
	}
	return []string{"fsync=on", "synchronous_commit=on", "full_page_writes=on"}
}
