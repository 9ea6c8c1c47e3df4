# The grader in an image, from the files that git knows:
#
#     git archive HEAD | docker build -t grade -
#     docker run --rm -v "$PWD:/work:ro" grade check /work
#
# With these two options the container lets bubblewrap make namespaces of its
# own, which is the full isolation; without them it is reduced:
#
#     --security-opt seccomp=unconfined --security-opt systempaths=unconfined
FROM python:3.12-slim-bookworm AS wheels
COPY . /source
RUN pip wheel --quiet --no-cache-dir --wheel-dir /wheels /source

FROM python:3.12-slim-bookworm
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends bubblewrap git \
    && rm -rf /var/lib/apt/lists/*
RUN --mount=type=bind,from=wheels,source=/wheels,target=/wheels \
    pip install --quiet --no-cache-dir --no-index --find-links /wheels \
        fundamentals-grader \
    && useradd --create-home grader
USER grader
WORKDIR /work
# What the grader finds out once about its types stays in the image.
RUN mkdir /tmp/warm && cd /tmp/warm && grade start . >/dev/null \
    && { grade check . >/dev/null 2>&1 || true; } && rm -rf /tmp/warm
ENTRYPOINT ["grade"]
CMD ["--help"]
