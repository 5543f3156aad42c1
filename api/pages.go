package api

import (
	"embed"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	swagger "github.com/swaggo/files/v2"

	"trackly/internal/fault"
)

//go:embed pages docs
var assets embed.FS

// docsPolicy lets the documentation load from this server only: it works without the
// internet, and no foreign script ever sees an API key typed into it.
const docsPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"

func (s *Server) pageRoutes() {
	s.echo.GET("/", s.page(http.StatusOK, "home.html"))
	s.echo.GET("/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	s.echo.GET("/readyz", s.readiness)
	s.echo.GET("/metrics", echo.WrapHandler(promhttp.HandlerFor(s.gatherer, promhttp.HandlerOpts{})))
	s.echo.GET("/openapi.json", func(c echo.Context) error {
		return c.Blob(http.StatusOK, "application/vnd.oai.openapi+json; charset=utf-8", s.openAPI)
	})
	s.echo.GET("/docs", func(c echo.Context) error { return c.Redirect(http.StatusFound, "/docs/") })
	s.echo.GET("/docs/", s.docs("docs/page.html"))
	s.echo.GET("/docs/start.js", s.docs("docs/start.js"))
	s.echo.GET("/docs/:file", s.docsFile)
}

func (s *Server) page(status int, name string) echo.HandlerFunc {
	return func(c echo.Context) error {
		text, err := assets.ReadFile("pages/" + name)
		if err != nil {
			return fault.Wrap(err, fault.Internal, "no page %s in this binary", name)
		}
		return c.HTMLBlob(status, text)
	}
}

func (s *Server) notFound(c echo.Context) error {
	return s.page(http.StatusNotFound, "not_found.html")(c)
}

// readiness handles GET /readyz.
func (s *Server) readiness(c echo.Context) error {
	if s.ready != nil {
		if err := s.ready(c.Request().Context()); err != nil {
			s.log.WarnContext(c.Request().Context(), "not ready", "error", err)
			return c.String(http.StatusServiceUnavailable, "not ready\n")
		}
	}
	return c.String(http.StatusOK, "ready\n")
}

func (s *Server) docs(name string) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Content-Security-Policy", docsPolicy)
		http.ServeFileFS(c.Response(), c.Request(), assets, name)
		return nil
	}
}

// docsFile serves what the documentation page is made from.
func (s *Server) docsFile(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "public, max-age=86400")
	http.ServeFileFS(c.Response(), c.Request(), swagger.FS, c.Param("file"))
	return nil
}

// failed answers what no handler answered: with a problem for programs, with a page for
// people who followed a link.
func (s *Server) failed(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	path := c.Request().URL.Path
	program := strings.HasPrefix(path, "/v1") || strings.HasPrefix(path, "/webhooks/") || strings.HasPrefix(path, "/postback/")
	if known, ok := errors.AsType[*echo.HTTPError](err); ok {
		if known.Code == http.StatusNotFound && !program {
			err = s.notFound(c)
		} else {
			err = writeProblem(c.Response(), problem(known.Code, ""))
		}
	} else {
		err = writeProblem(c.Response(), s.explain(c.Request().Context(), c.Path(), err))
	}
	if err != nil {
		s.log.DebugContext(c.Request().Context(), "the client left", "error", err)
	}
}
