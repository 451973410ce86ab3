# A gateway node. It builds as npm start does, and keeps of that what runs: the bundles, the pages and the packages they need.
FROM node:20-bookworm-slim AS build
WORKDIR /parley
COPY package.json package-lock.json tsconfig.json ./
COPY sdk/package.json sdk/
RUN npm ci --no-audit --no-fund
COPY machines machines
COPY sdk sdk
COPY gateway gateway
RUN node gateway/build.mjs && npm prune --omit=dev --no-audit --no-fund

FROM node:20-bookworm-slim
ENV NODE_ENV=production PARLEY_HOST=0.0.0.0 PARLEY_DATA=/data
WORKDIR /parley
COPY --from=build /parley/package.json ./
COPY --from=build /parley/node_modules node_modules
COPY --from=build /parley/dist dist
# What customers wrote is for nobody else on the machine.
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The first process of the container itself: SIGTERM reaches it, and it hands over before it ends.
ENTRYPOINT ["node", "--max-semi-space-size=64", "dist/gateway/main.js"]
