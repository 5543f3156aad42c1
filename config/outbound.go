package config

// Outbound sets where the installation connects to at its users' word.
type Outbound struct {
	// Local lets link domains and networks lie on this machine or in private networks: for
	// demonstrations and tests. Elsewhere whoever has an API key could ask around inside.
	Local bool
}
