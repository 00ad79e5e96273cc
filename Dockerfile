# The production image: the service and its production packages, without npm scripts, the embedded PostgreSQL and a build
# step. docs/deployment.md explains how to build and run it.
ARG NODE_IMAGE=node:24-slim

# Packages are the same for every platform: they are installed on that of the builder, without emulation.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The secret is for those who need a registry or certificates of their own; without it npm's defaults apply.
RUN --mount=type=secret,id=npmrc \
    NPM_CONFIG_USERCONFIG=/run/secrets/npmrc \
    npm ci --omit=dev --omit=optional --ignore-scripts --no-update-notifier --cache /tmp/npm && \
    find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -exec rm {} +

FROM ${NODE_IMAGE}
ARG VERSION=unknown
ARG REVISION=unknown
ARG CREATED=unknown
LABEL org.opencontainers.image.title="Taskhold" \
      org.opencontainers.image.description="A multi-user task REST API on PostgreSQL" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
# All addresses: others reach a container only by its own address. Which ports are published is decided outside.
ENV NODE_ENV=production HOST=0.0.0.0 OPS_HOST=0.0.0.0
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE ./
COPY src src
# A number, so that Kubernetes can verify that it is not root.
USER 65532:65532
EXPOSE 8000 9464
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["node", "src/cli/check-health.ts"]
# Node is process 1 and gets SIGTERM itself. The argument is the program: the service, src/cli/migrate.ts or src/cli/check-config.ts.
# SIGUSR1 starts no debugger, also before the program has read its settings.
ENTRYPOINT ["node", "--disable-sigusr1", "src/cli/launch.js"]
CMD ["src/main.ts"]
