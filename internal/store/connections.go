package store

import (
	"context"

	"gorm.io/gorm"

	"trackly/internal/fault"
	"trackly/models"
)

// AddConnection stores a connection to a network and seals its key. It returns the stored
// one, which is an earlier one when the request is a repetition.
func (s *Store) AddConnection(ctx context.Context, o models.Once, c models.Connection, key models.Credentials) (models.Connection, error) {
	id, err := s.once(ctx, c.AccountID, o, string(c.ID), func(tx *gorm.DB) (err error) {
		if c.APIKey, err = s.sealer.sealFor(string(c.ID), key); err != nil {
			return err
		}
		return tx.Create(&c).Error
	})
	if err != nil {
		return c, explain(err, "connection")
	}
	return s.Connection(ctx, c.AccountID, models.ConnectionID(id))
}

// Connection reads one connection.
func (s *Store) Connection(ctx context.Context, account models.AccountID, id models.ConnectionID) (models.Connection, error) {
	var c models.Connection
	if !models.IsID(id) {
		return c, fault.New(fault.NotFound, "no such connection")
	}
	err := s.db.WithContext(ctx).Take(&c, "account_id = ? AND id = ?", account, id).Error
	return c, explain(err, "connection")
}

// Connections reads a page of connections after the cursor, oldest first.
func (s *Store) Connections(ctx context.Context, account models.AccountID, after models.ConnectionID, limit int) ([]models.Connection, error) {
	var rows []models.Connection
	err := s.page(ctx, account, string(after), limit).Find(&rows).Error
	return rows, explain(err, "connections")
}

// DeleteConnection forgets a connection and its key. What was pulled stays.
func (s *Store) DeleteConnection(ctx context.Context, account models.AccountID, id models.ConnectionID) error {
	if !models.IsID(id) {
		return fault.New(fault.NotFound, "no such connection")
	}
	res := s.db.WithContext(ctx).Delete(&models.Connection{}, "account_id = ? AND id = ?", account, id)
	if res.Error == nil && res.RowsAffected == 0 {
		return fault.New(fault.NotFound, "no such connection")
	}
	return explain(res.Error, "connection")
}

// OpenConnection reads a connection and opens its key.
func (s *Store) OpenConnection(ctx context.Context, account models.AccountID, id models.ConnectionID) (models.Connection, models.Credentials, error) {
	c, err := s.Connection(ctx, account, id)
	if err != nil {
		return c, models.Credentials{}, err
	}
	key, ok := s.sealer.openFor(string(c.ID), c.APIKey)
	if !ok {
		return c, key, fault.New(fault.Internal, "a connection's key cannot be opened: was the sealing key changed without keeping the old one?")
	}
	return c, key, nil
}

// ConnectionsToPull reads a page of all connections that are not blocked. It crosses
// accounts: the installation pulls them all.
func (s *Store) ConnectionsToPull(ctx context.Context, after models.ConnectionID, limit int) ([]models.Connection, error) {
	var rows []models.Connection
	q := s.db.WithContext(ctx).Where("state <> ?", models.ConnectionBlocked).Order("id").Limit(limit)
	if after != "" {
		q = q.Where("id > ?", after)
	}
	err := q.Find(&rows).Error
	return rows, explain(err, "connections")
}

// ResealConnections does with connections what ResealRoutes does with routes.
func (s *Store) ResealConnections(ctx context.Context) (int, error) {
	var rows []models.Connection
	if err := s.db.WithContext(ctx).Order("id").Find(&rows).Error; err != nil {
		return 0, explain(err, "connections")
	}
	n := 0
	for _, c := range rows {
		if s.sealer.current(c.APIKey) {
			continue
		}
		_, key, err := s.OpenConnection(ctx, c.AccountID, c.ID)
		if err != nil {
			return n, err
		}
		sealed, err := s.sealer.sealFor(string(c.ID), key)
		if err != nil {
			return n, err
		}
		tag, err := s.pool.Exec(ctx, `UPDATE connections SET api_key = $3 WHERE id = $1 AND api_key = $2`, c.ID, c.APIKey, sealed)
		if err != nil {
			return n, explain(err, "connection")
		}
		n += int(tag.RowsAffected())
	}
	return n, nil
}
