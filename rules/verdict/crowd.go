package verdict

import "time"

// crowd finds times in which one program, and hardly anybody else, followed the links of
// so many people from one place. A time begins with each click; all of the program's clicks
// in it are told of.
func (r *revision) crowd(all []int, within time.Duration, people int, is evidence) {
	if len(all) < people {
		return
	}
	w := throng{agents: map[string]int{}, seen: map[follower]int{}}
	told := map[string]int{} // by program: how far it was told of
	for begin, end := 0, 0; begin < len(all); {
		at := r.clicks[all[begin]].At
		for ; end < len(all) && r.clicks[all[end]].At.Sub(at) <= within; end++ {
			w.enter(&r.clicks[all[end]])
		}
		// Clicks of the same moment begin a time together, whatever their order.
		next := begin
		for ; next < end && r.clicks[all[next]].At.Equal(at); next++ {
			if agent := r.clicks[all[next]].UserAgent; told[agent] < end && w.alike(agent, people) {
				r.tell(all[max(begin, told[agent]):end], agent, is)
				told[agent] = end
			}
		}
		for ; begin < next; begin++ {
			w.leave(&r.clicks[all[begin]])
		}
	}
}

func (r *revision) tell(all []int, agent string, is evidence) {
	for _, i := range all {
		if r.clicks[i].UserAgent == agent {
			r.found[i] |= is
		}
	}
}

// follower is a program that follows a person's link.
type follower struct {
	agent  string
	person int64
}

// throng counts who follows links within a time.
type throng struct {
	agents map[string]int   // people, by the program
	seen   map[follower]int // clicks
}

func whose(c *Click) follower {
	if c.Contact != 0 {
		return follower{c.UserAgent, c.Contact}
	}
	return follower{c.UserAgent, -c.Message} // a person's number and a message's never meet
}

func (w throng) enter(c *Click) {
	f := whose(c)
	if w.seen[f]++; w.seen[f] == 1 {
		w.agents[f.agent]++
	}
}

func (w throng) leave(c *Click) {
	f := whose(c)
	if w.seen[f]--; w.seen[f] > 0 {
		return
	}
	delete(w.seen, f)
	if w.agents[f.agent]--; w.agents[f.agent] == 0 {
		delete(w.agents, f.agent)
	}
}

// alike reports whether the program is (nearly) alone with so many people.
func (w throng) alike(agent string, people int) bool {
	n := w.agents[agent]
	return n >= people && n*100 >= len(w.seen)*alike
}
