//! Every route, in one table, and what surrounds them all.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use gateway::Viewer;
use gateway::viewers::Viewers;
use jiff::Timestamp;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::answers::Answers;
use crate::graphql::Schemas;
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::rates::Counters;
use crate::seats::Seats;
use crate::{
    Config, Faces, ask, auth, body, documents, faces, feeds, files, health, metrics, openapi, portals, uploads,
};

/// Answers below this size, in bytes, fit in a packet or two as they are.
const COMPRESSED_FROM: u64 = 2048;
/// How long a browser may remember which origins may ask.
const CORS_AGE: Duration = Duration::from_secs(600);
/// The route of a request that no route is for, in the metrics.
const NO_ROUTE: &str = "other";

/// What every route needs.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) viewers: Viewers,
    pub(crate) schemas: Schemas,
    pub(crate) answers: Answers,
    pub(crate) counters: Counters,
    pub(crate) metrics: Metrics,
    pub(crate) seats: Arc<Seats>,
    /// Room for large bodies on their way.
    pub(crate) bodies: Semaphore,
    /// Room for files on their way.
    pub(crate) files: Arc<Semaphore>,
    pub(crate) started: Instant,
}

impl App {
    pub(crate) fn new(config: Config, viewers: Viewers, faces: &Faces, seats: Arc<Seats>) -> Self {
        App {
            schemas: Schemas::new(config.graphql.clone()),
            answers: Answers::new(),
            counters: Counters::new(&config.rates),
            metrics: Metrics::new(viewers.clone(), faces),
            viewers,
            seats,
            bodies: body::room(),
            files: files::room(),
            started: Instant::now(),
            config,
        }
    }

    /// The viewer that a token stands for.
    pub(crate) async fn viewer(&self, token: &str) -> Result<Arc<Viewer>, Problem> {
        let viewer = self.viewers.viewer(token).await.map_err(|error| Problem::of_gateway(&error, self.now()))?;
        viewer.ok_or_else(|| Problem::unauthorized("Unknown session token"))
    }

    /// The present moment.
    pub(crate) fn now(&self) -> Timestamp {
        (self.config.clock)()
    }
}

/// The routes.
pub(crate) fn router(app: &Arc<App>, faces: Faces) -> Router {
    let packed = CompressionLayer::new().compress_when(SizeAbove::new(COMPRESSED_FROM));
    let routes = Router::new();
    let routes = with_or_without_slash(routes, "/graphql", post(ask::answer).layer(packed.clone()));
    let routes = with_or_without_slash(routes, "/auth/login", post(auth::login));
    let routes = with_or_without_slash(routes, "/auth/login/qrcode", post(auth::login_with_qr_code));
    let routes = with_or_without_slash(routes, "/auth/login/token", post(auth::login_with_token));
    let routes = with_or_without_slash(routes, "/auth/login/continue", post(auth::go_on));
    let routes = with_or_without_slash(routes, "/auth/logout", post(auth::logout));
    let routes = routes
        .route("/portals", get(portals::list).layer(packed.clone()))
        .route("/files/{handle}", get(files::send))
        .route("/feeds/{name}", get(feeds::send))
        .route("/uploads/homework/{key}", post(uploads::hand_in))
        .route("/schema/{name}", get(documents::schema).layer(packed.clone()))
        .route("/openapi.json", get(openapi::show).layer(packed))
        .route("/health", get(health::show))
        .route("/metrics", get(metrics::show))
        .fallback(not_found)
        .method_not_allowed_fallback(not_found)
        .with_state(Arc::clone(app));
    // They come after the fallbacks, since they refuse what is no method of theirs in their own way.
    let routes = match faces.board {
        Some(board) => routes.merge(faces::routes(app, board_web::router(board))),
        None => routes,
    };
    let surround = middleware::from_fn_with_state(Arc::clone(app), surround);
    let routes = routes.layer(surround.clone());
    let routes = match cors(&app.config) {
        Some(cors) => routes.layer(cors),
        None => routes,
    };
    // No page of another origin ever asks for a card.
    match faces.cards {
        Some(cards) => routes.merge(faces::routes(app, card_web::router(cards)).layer(surround)),
        None => routes,
    }
}

fn with_or_without_slash(router: Router<Arc<App>>, path: &str, method: MethodRouter<Arc<App>>) -> Router<Arc<App>> {
    router.route(path, method.clone()).route(&format!("{path}/"), method)
}

/// No route, or no such method there: the answer is the same, and has no content type.
pub(crate) async fn not_found() -> Response {
    let mut response = (StatusCode::NOT_FOUND, "Not Found").into_response();
    response.headers_mut().remove(header::CONTENT_TYPE);
    response
}

/// Around every request: how long it may take, what it is counted as, and the headers that keep browsers careful.
async fn surround(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or(NO_ROUTE, |route| route.as_str().trim_end_matches('/'));
    let answer = timeout(app.config.patience.answer, next.run(request)).await;
    let mut response = answer.unwrap_or_else(|_| {
        let message = "The school did not answer in time";
        Problem::new(StatusCode::GATEWAY_TIMEOUT, message).ours("TIMEOUT").into_response()
    });
    let (status, took) = (response.status(), begun.elapsed());
    app.metrics.answered(route, status, took);
    tracing::debug!(route, status = status.as_u16(), milliseconds = took.as_millis(), "Answered");
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    let strictest = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(strictest);
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Which pages of other origins may ask from a browser: none, unless some are named.
fn cors(config: &Config) -> Option<CorsLayer> {
    let origins = config.origins.iter().map(|origin| origin.origin().ascii_serialization());
    let origins: Vec<HeaderValue> = origins.filter_map(|origin| origin.parse().ok()).collect();
    (!origins.is_empty()).then(|| {
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins))
            .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
            .allow_headers([
                header::ACCEPT,
                header::AUTHORIZATION,
                header::CACHE_CONTROL,
                header::CONTENT_TYPE,
                header::IF_MATCH,
                header::IF_NONE_MATCH,
                HeaderName::from_static("token"),
                HeaderName::from_static("key"),
            ])
            .expose_headers([header::CONTENT_DISPOSITION, header::ETAG, header::RETRY_AFTER])
            .max_age(CORS_AGE)
    })
}
