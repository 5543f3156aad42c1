package store

// refuseLines keeps the rows whose numbers are known to be no mobiles among the refused,
// when only mobiles are wanted.
func (p *page) refuseLines() error {
	if !p.imp.Options.MobileOnly {
		return nil
	}
	tag, err := p.tx.Exec(p.ctx, `
		INSERT INTO import_refusals (import_id, number, line, column_name, value, reason, message)
		SELECT $3, r.number, r.line, '', r.phone, '`+notMobile+`', 'A look-up found that this number is no mobile: ' || replace(c.line_type, '_', ' ') || '.'
		  FROM `+rowsOf(p.imp.ID)+` r JOIN contacts c ON c.phone = r.phone
		 WHERE r.number BETWEEN $1 AND $2 AND r.reason = '' AND c.line_type NOT IN ('', 'mobile')
		ON CONFLICT DO NOTHING`, p.counts.First, p.counts.Last, p.imp.ID)
	p.counts.Refused = tag.RowsAffected()
	return err
}

// check counts what merge would do, and does nothing.
func (p *page) check() error {
	if err := p.refuseLines(); err != nil {
		return err
	}
	err := p.tx.QueryRow(p.ctx, `
		SELECT count(*) FILTER (WHERE g.status IS NULL), count(*) FILTER (WHERE g.status <> 'opted_out'),
		       count(*) FILTER (WHERE g.status IS DISTINCT FROM 'opted_out' AND `+elsewhere+`)
		  FROM (SELECT c.id AS contact, u.status
		          FROM `+rowsOf(p.imp.ID)+` r LEFT JOIN contacts c ON c.phone = r.phone
		          LEFT JOIN subscriptions u ON u.list_id = $4 AND u.contact_id = c.id
		         WHERE r.number BETWEEN $1 AND $2 AND r.reason = '' AND (c.id IS NULL OR `+p.wanted()+`)
		           AND `+notErased+`
		           AND `+notSilenced+`) g`,
		p.counts.First, p.counts.Last, p.imp.AccountID, p.imp.ListID).
		Scan(&p.counts.Added, &p.counts.Merged, &p.counts.OtherLists)
	p.counts.OptedOut = p.good - p.counts.Refused - p.counts.Added - p.counts.Merged
	return err
}
