package sandbox

import "sync"

// outbox gathers the statuses that are due for one address, for the providers that tell
// of many texts in one webhook.
type outbox struct {
	mu    sync.Mutex
	boxes map[string][]*step
}

// put reports whether nothing was waiting there yet: then somebody must come for it.
func (o *outbox) put(box string, st *step) (first bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.boxes == nil {
		o.boxes = map[string][]*step{}
	}
	waiting := o.boxes[box]
	o.boxes[box] = append(waiting, st)
	return len(waiting) == 0
}

// take gives the oldest ones and whether there are more.
func (o *outbox) take(box string, most int) (batch []*step, more bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	waiting := o.boxes[box]
	if len(waiting) <= most {
		delete(o.boxes, box)
		return waiting, false
	}
	o.boxes[box] = waiting[most:]
	return waiting[:most:most], true
}
