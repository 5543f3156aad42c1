// Package providertest holds every provider adapter to the port's contract. It talks
// to an adapter wired to some stand-in over real HTTP; it is for tests only and knows
// no provider's wire format.
package providertest
