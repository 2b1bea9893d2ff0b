import { expect, test } from 'vitest';
import { saysOf, service } from '../says-of.ts';

/** Who calls whom; what is not resolved is left out. */
function callsIn(files: Readonly<Record<string, string>>): string[] {
  return saysOf(files).filter(line => !line.startsWith('?'));
}

const orders = service('orders', {
  'src/main.js': `const app = require('express')(); app.get('/mine', (_, res) => res.json([])); app.listen(3001);`,
});
const stock = service('stock', { 'src/main.js': `require('express')().listen(3002);` });

/** A service that calls through a gateway by its name, and through its port on this machine. */
const web = service('web', {
  'src/main.js': `exports.f = () => [fetch('http://gateway/orders/mine'), fetch('http://localhost:8080/stock/list')];`,
});

const built = `services:\n  web:\n    build: ./web\n  orders:\n    build: ./orders\n  stock:\n    build: ./stock\n`;
const gateway = (image: string, mount: string): Record<string, string> => ({
  'docker-compose.yml': `${built}  gateway:\n    image: ${image}\n    ports:\n      - "8080:80"\n    volumes:\n      - ${mount}\n`,
});
const shop = { ...web, ...orders, ...stock };
const routed = ['web calls orders', 'web calls stock'];
const stripped = ['web calls orders GET /mine', 'web calls stock'];

test('nginx with nothing but its configuration is a way to whom it hands requests on to', () => {
  const conf = `server {\n  location /orders/ {\n    proxy_pass http://orders:3001/;\n  }\n  location /stock {\n    proxy_pass http://stock:3002;\n  }\n}\n`;
  expect(
    saysOf({ ...shop, ...gateway('nginx:1.27', './nginx/nginx.conf:/etc/nginx/nginx.conf'), 'nginx/nginx.conf': conf }),
  ).toEqual(stripped);
  expect(
    saysOf({
      ...shop,
      'docker-compose.yml': `${built}  gateway:\n    build: ./proxy\n    ports:\n      - 8080:80\n`,
      'proxy/Dockerfile': 'FROM nginx\nCOPY nginx.conf /etc/nginx/nginx.conf\n',
      'proxy/nginx.conf': conf,
    }),
  ).toEqual(stripped);
});

test('a configuration that no container is given is no way to anybody', () => {
  expect(
    callsIn({
      ...shop,
      ...gateway('nginx', './other:/etc/nginx'),
      'nginx/nginx.conf': `server { location /orders/ { proxy_pass http://orders:3001/; } }`,
    }),
  ).toEqual([]);
});

test('a path that leads to several is no way to any, and a gateway of another system is another', () => {
  const conf = (port: number, to: string): string =>
    `server { listen ${port}; location /orders { proxy_pass http://${to}; } }\n`;
  expect(
    callsIn({
      ...shop,
      ...gateway('nginx', './conf.d:/etc/nginx/conf.d'),
      'conf.d/one.conf': conf(80, 'orders:3001'),
      'conf.d/two.conf': conf(81, 'stock:3002'),
    }),
  ).toEqual([]);
  const inside = (folder: string, to: string): Record<string, string> => {
    const own = { ...shop, ...gateway('nginx', './nginx.conf:/etc/nginx/nginx.conf'), 'nginx.conf': conf(80, to) };
    return Object.fromEntries(Object.entries(own).map(([path, text]) => [`${folder}/${path}`, text]));
  };
  expect(callsIn({ ...inside('first', 'orders:3001'), ...inside('second', 'stock:3002') })).toEqual([
    'first/web calls first/orders',
    'second/web calls second/stock',
  ]);
});

test('Traefik: labels of containers are rules, in the words of each version', () => {
  const labelled = (orders: string, stock: string): Record<string, string> => ({
    'docker-compose.yml': `services:\n  web:\n    build: ./web\n  orders:\n    build: ./orders\n    labels:\n${orders}  stock:\n    build: ./stock\n    labels:\n${stock}  gateway:\n    image: traefik:v3.1\n    ports:\n      - 8080:80\n`,
  });
  expect(
    saysOf({
      ...shop,
      ...labelled(
        '      - traefik.http.routers.orders.rule=PathPrefix(`/orders`)\n      - traefik.http.routers.orders.middlewares=strip-orders\n      - traefik.http.middlewares.strip-orders.stripprefix.prefixes=/orders\n',
        '      traefik.http.routers.stock.rule: Host(`localhost`) && (PathPrefix(`/stock`) || Path(`/goods`))\n',
      ),
    }),
  ).toEqual(stripped);
  expect(
    saysOf({
      ...shop,
      ...labelled(
        '      - traefik.frontend.rule=PathPrefixStrip:/orders\n',
        '      - traefik.frontend.rule=Host:localhost;PathPrefix:/stock,/goods\n',
      ),
    }),
  ).toEqual(stripped);
  expect(
    callsIn({
      ...shop,
      ...labelled(
        '      - traefik.enable=false\n      - traefik.http.routers.orders.rule=PathPrefix(`/orders`)\n',
        '      - traefik.http.routers.stock.rule=Host(`stock.dev`)\n',
      ),
    }),
  ).toEqual([]);
});

test('Traefik: a file of routers and services, and the routes of a cluster', () => {
  expect(
    saysOf({
      ...shop,
      ...gateway('traefik:v3.1', './traefik:/etc/traefik'),
      'traefik/dynamic.yml': `http:\n  routers:\n    orders:\n      rule: PathPrefix(\`/orders\`)\n      service: orders\n      middlewares: [strip]\n    stock:\n      rule: PathPrefix(\`/stock\`)\n      service: stock@file\n  middlewares:\n    strip:\n      stripPrefix:\n        prefixes: [/orders]\n  services:\n    orders:\n      loadBalancer:\n        servers:\n          - url: http://orders:3001\n    stock:\n      loadBalancer:\n        servers:\n          - url: http://stock:3002\n`,
    }),
  ).toEqual(stripped);
  const manifest = (name: string): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  template:\n    metadata:\n      labels:\n        app: ${name}\n    spec:\n      containers:\n        - name: ${name}\n          image: shop/${name}\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  selector:\n    app: ${name}\n`;
  expect(
    saysOf({
      ...service('web', { 'src/main.js': `exports.f = () => fetch('http://shop.dev/orders/mine');` }),
      ...orders,
      'k8s/web.yaml': manifest('web'),
      'k8s/orders.yaml': manifest('orders'),
      'k8s/routes.yaml': `apiVersion: traefik.io/v1alpha1\nkind: IngressRoute\nmetadata:\n  name: shop\nspec:\n  routes:\n    - match: Host(\`shop.dev\`) && PathPrefix(\`/orders\`)\n      kind: Rule\n      services:\n        - name: orders\n          port: 80\n`,
    }),
  ).toEqual(['web calls orders']);
});

test('Caddy: what its sites hand on, by the paths of what it stands in', () => {
  const caddy = gateway('caddy:2', './Caddyfile:/etc/caddy/Caddyfile');
  const handled = `{\n  admin off\n}\n:80 {\n  # reverse_proxy nobody:1\n  handle_path /orders/* {\n    reverse_proxy orders:3001\n  }\n  @stock path /stock/* /goods/*\n  handle @stock {\n    reverse_proxy {\n      to {$STOCK:stock:3002}\n    }\n  }\n  file_server\n}\n`;
  expect(saysOf({ ...shop, ...caddy, Caddyfile: handled })).toEqual(stripped);
  const plain = `:80 {\n  reverse_proxy /orders/* orders:3001\n  reverse_proxy /stock/* http://stock:3002\n}\n`;
  expect(saysOf({ ...shop, ...caddy, Caddyfile: plain })).toEqual(routed);
  expect(callsIn({ ...shop, ...caddy, Caddyfile: `shop.dev {\n  reverse_proxy orders:3001\n}\n` })).toEqual([]);
});

test('Caddy: what asks for more than a path is no route for all', () => {
  expect(
    callsIn({
      ...shop,
      ...gateway('caddy:2', './Caddyfile:/etc/caddy/Caddyfile'),
      Caddyfile: `:80 {\n  @old header X-Old *\n  handle @old {\n    reverse_proxy stock:3002\n  }\n  reverse_proxy @old stock:3002\n  handle {\n    reverse_proxy orders:3001\n  }\n}\n`,
    }),
  ).toEqual(['web calls orders']);
});

test('Caddy within a service is a call of that service', () => {
  expect(
    saysOf({
      ...service('web', {
        'src/main.js': `document.title = 'shop';`,
        Caddyfile: `:80\nreverse_proxy /api/* orders:3001\n`,
      }),
      ...orders,
      'docker-compose.yml': `services:\n  web:\n    build: ./web\n  orders:\n    build: ./orders\n`,
    }),
  ).toEqual(['web calls orders']);
});

test('Envoy: routes of its listeners lead through its clusters', () => {
  const cluster = (name: string, port: number): string =>
    `    - name: ${name}_cluster\n      load_assignment:\n        cluster_name: ${name}\n        endpoints:\n          - lb_endpoints:\n              - endpoint:\n                  address:\n                    socket_address: { address: ${name}, port_value: ${port} }\n`;
  expect(
    saysOf({
      ...shop,
      ...gateway('envoyproxy/envoy:v1.31', './envoy.yaml:/etc/envoy/envoy.yaml'),
      'envoy.yaml': `static_resources:\n  listeners:\n    - address: {}\n      filter_chains:\n        - filters:\n            - name: envoy.filters.network.http_connection_manager\n              typed_config:\n                route_config:\n                  virtual_hosts:\n                    - name: all\n                      domains: ["*"]\n                      routes:\n                        - match: { prefix: /orders }\n                          route: { cluster: orders_cluster, prefix_rewrite: / }\n                        - match: { prefix: /stock }\n                          route:\n                            weighted_clusters:\n                              clusters:\n                                - { name: stock_cluster, weight: 100 }\n  clusters:\n${cluster('orders', 3001)}${cluster('stock', 3002)}`,
    }),
  ).toEqual(stripped);
});

test('Kong: services with their routes, and upstreams', () => {
  expect(
    saysOf({
      ...shop,
      ...gateway('kong:3.7', './kong:/kong/declarative'),
      'kong/kong.yml': `_format_version: "3.0"\nservices:\n  - name: orders\n    url: http://orders:3001\n    routes:\n      - name: orders\n        paths: [/orders]\n  - name: stock\n    host: stock-upstream\nroutes:\n  - name: stock\n    service:\n      name: stock\n    strip_path: false\n    paths: ["~/stock"]\nupstreams:\n  - name: stock-upstream\n    targets:\n      - target: stock:3002\n`,
    }),
  ).toEqual(stripped);
});

test('HAProxy: backends by the paths of their conditions', () => {
  expect(
    saysOf({
      ...shop,
      ...gateway('haproxy:3.0', './haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg'),
      'haproxy.cfg': `frontend http\n  bind *:80\n  acl is_orders path_beg /orders\n  use_backend orders if is_orders\n  use_backend stock if { path_beg /stock }\nbackend orders\n  server s1 orders:3001 check\nbackend stock\n  server s1 stock:3002\n`,
    }),
  ).toEqual(routed);
});

test('a page asks by paths what the gateway hands on, but not what only a host tells apart', () => {
  expect(
    saysOf({
      'client/package.json': '{"name":"client","scripts":{"dev":"next"},"dependencies":{"next":"14","react":"18"}}',
      'client/Dockerfile': 'FROM node\nCMD npm run dev\n',
      'client/pages/index.js': `import axios from 'axios'; export const load = () => [axios.get('/orders/mine'), axios.get('/unknown/mine')];`,
      ...orders,
      ...stock,
      'docker-compose.yml': `services:\n  client:\n    build: ./client\n  orders:\n    build: ./orders\n  stock:\n    build: ./stock\n  gateway:\n    image: kong\n    volumes:\n      - ./kong.yml:/kong.yml\n`,
      'kong.yml': `_format_version: "3.0"\nservices:\n  - name: orders\n    url: http://orders:3001\n    routes:\n      - paths: [/orders]\n        strip_path: false\n  - name: stock\n    url: http://stock:3002\n    routes:\n      - hosts: [stock.dev]\n`,
    }),
  ).toEqual(['client calls orders']);
});
