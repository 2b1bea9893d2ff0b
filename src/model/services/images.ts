/** What an image is, judged by its name alone. */
export type ImageKind =
  | { readonly kind: 'server'; readonly engine: string }
  | { readonly kind: 'infrastructure' }
  | { readonly kind: 'runtime'; readonly startsItself: boolean }
  | { readonly kind: 'web-server' }
  | { readonly kind: 'unknown' };

const engines: readonly (readonly [RegExp, string])[] = [
  [
    /^(postgres(ql)?|postgis|timescaledb(-ha)?|pgvector|supabase-postgres|cockroach(db)?|alloydb-omni|spilo.*|postgresql-repmgr|pgbouncer)$/,
    'postgres',
  ],
  [/^(mysql(-server)?|mariadb(-galera)?|percona(-server)?|vitess)$/, 'mysql'],
  [/^(mongo|mongodb(-.*)?|mongo-?db|percona-server-mongodb|documentdb(-local)?|ferretdb)$/, 'mongodb'],
  [/^(redis(-stack(-server)?|-stack|-cluster|-sentinel|-server)?|valkey|keydb|dragonfly|redis-alpine)$/, 'redis'],
  [/^(elasticsearch(-oss|-wolfi)?)$/, 'elasticsearch'],
  [/^opensearch$/, 'opensearch'],
  [/^(cassandra|scylla|dse-server)$/, 'cassandra'],
  [/^(clickhouse(-server)?)$/, 'clickhouse'],
  [/^(mssql-server(-linux)?|mssql|azure-sql-edge|server)$/, 'mssql'],
  [/^(dynamodb-local|dynamodb)$/, 'dynamodb'],
  [/^neo4j$/, 'neo4j'],
  [/^arangodb$/, 'arangodb'],
  [/^couchdb$/, 'couchdb'],
  [/^(couchbase(-server)?)$/, 'couchbase'],
  [/^influxdb$/, 'influxdb'],
  [/^memcached$/, 'memcached'],
  [/^(meilisearch)$/, 'meilisearch'],
  [/^(typesense)$/, 'typesense'],
  [/^(solr)$/, 'solr'],
  [/^(qdrant)$/, 'qdrant'],
  [/^(minio)$/, 'minio'],
  [/^(eventstore(db)?|kurrentdb)$/, 'eventstoredb'],
  [/^(tigerbeetle)$/, 'tigerbeetle'],
  [/^(surrealdb|rethinkdb|questdb|ravendb)$/, 'database'],
  [/^(rabbitmq(-.*)?|lavinmq)$/, 'rabbitmq'],
  [/^((cp-)?(server-)?kafka(-native|-kraft)?|cp-server|redpanda|apache-kafka)$/, 'kafka'],
  [/^(nats(-streaming|-server|-box)?)$/, 'nats'],
  [/^(activemq.*|artemis.*)$/, 'activemq'],
  [/^(pulsar(-all)?)$/, 'pulsar'],
  [/^((eclipse-)?mosquitto|emqx|hivemq.*)$/, 'mqtt'],
  [/^(elasticmq(-native)?)$/, 'sqs'],
  [/^(localstack(-pro)?)$/, 'localstack'],
];

const runtimes =
  /^(node|nodejs(\d+)?|bun|deno|python|golang|go|rust|openjdk|jdk|jre|eclipse-temurin|amazoncorretto|maven|gradle|dotnet|aspnet|runtime(-deps)?|sdk|php|ruby|elixir|alpine|debian|ubuntu|busybox|scratch|static(-debian\d+)?|base(-debian\d+)?|distroless|chainguard|wolfi-base|ubi\d*(-minimal|-micro)?|nodejs-\d+.*|amazonlinux|centos|swift|haskell|nestjs|pnpm|turbo|lambda)$/;

const webServers = /^(nginx(-unprivileged)?|caddy|httpd|openresty|apache|lighttpd|static-web-server)$/;

const infrastructure =
  /(^|[-_])(traefik|haproxy|envoy|kong|keycloak|zookeeper|etcd|consul|vault|prometheus|grafana|loki|tempo|promtail|jaeger|all-in-one|zipkin|otel|opentelemetry|collector|fluentd|fluent|kibana|logstash|filebeat|metricbeat|apm|alertmanager|exporter|adminer|pgadmin\d*|phpmyadmin|express|commander|redisinsight|kafdrop|kafka-ui|akhq|kafka-connect|connect|debezium|schema-registry|ksqldb.*|cerebro|mailhog|mailpit|maildev|mailcatcher|mailslurper|smtp4dev|swagger-ui|portainer|watchtower|ngrok|cloudflared|certbot|wait-for-it|dockerize|flyway|liquibase|cadvisor|sonarqube|selenium|chrome|browserless|kratos|hydra|oathkeeper|zitadel|authentik|vector|statsd|graphite|datadog|newrelic|pact-broker|unleash.*|temporal|auto-setup|admin-tools|temporal-ui|migrate|wiremock|mock-?server|kubectl|helm|curl|jq|git|docker|dind|registry|nexus|verdaccio|dapr.*|placement|daprd|azurite|fake-gcs-server|pubsub|mongo-express|gotenberg|stripe-mock|stripe-cli|hasura|graphql-engine|metabase|superset)($|[-_])/;

export function imageKind(reference: string): ImageKind {
  const name = imageName(reference);
  if (/^(mssql|azure-sql-edge)\//.test(repositoryOf(reference)) && name === 'server')
    return { kind: 'server', engine: 'mssql' };
  if (webServers.test(name)) return { kind: 'web-server' };
  if (
    /(^|[-_])(backup|cron|exporter|express|init|setup|restore|dump|ui|gui|admin|operator|migrat\w*|seed\w*|proxy|client|cli)($|[-_])/.test(
      name,
    )
  )
    return {
      kind: /(^|[-_])(ui|gui|exporter|express|operator|backup|restore|dump)($|[-_])/.test(name)
        ? 'infrastructure'
        : 'unknown',
    };
  if (runtimes.test(name)) return { kind: 'runtime', startsItself: /^php/.test(name) };
  for (const [pattern, engine] of engines)
    if (name !== 'server' && pattern.test(name)) return { kind: 'server', engine };
  if (/mcr\.microsoft\.com\/mssql\/server/.test(reference)) return { kind: 'server', engine: 'mssql' };
  if (infrastructure.test(name)) return { kind: 'infrastructure' };
  return { kind: 'unknown' };
}

/** `ghcr.io/shop/orders-api:1.2` → `orders-api`. */
export function imageName(reference: string): string {
  return repositoryOf(reference).split('/').at(-1)?.toLowerCase() ?? '';
}

export function repositoryOf(reference: string): string {
  const bare = reference.replace(/@sha256:.*$/s, '');
  const slash = bare.lastIndexOf('/');
  const colon = bare.indexOf(':', slash + 1);
  return (colon < 0 ? bare : bare.slice(0, colon)).replace(/^(docker\.io\/)?library\//, '');
}

/** The port that a server listens on when nothing else is said. */
export const defaultPorts: Readonly<Record<string, number>> = {
  postgres: 5432,
  mysql: 3306,
  mongodb: 27017,
  redis: 6379,
  elasticsearch: 9200,
  opensearch: 9200,
  mssql: 1433,
  rabbitmq: 5672,
  kafka: 9092,
  nats: 4222,
  cassandra: 9042,
  clickhouse: 8123,
  dynamodb: 8000,
  memcached: 11211,
  neo4j: 7687,
  minio: 9000,
};
