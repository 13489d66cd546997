#!/bin/sh
# The topics as one broker has them (org.postbus.events.TopicSettings). Those that are there get these settings.
set -eu

there=$(/opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --list)

topic() {
  name=$1 configs=""
  shift
  if echo "$there" | grep -qxF "$name"; then
    /opt/kafka/bin/kafka-configs.sh --bootstrap-server kafka:9092 --alter --entity-type topics --entity-name "$name" \
      --add-config "$(echo "$*" | tr ' ' ,)"
    return
  fi
  for setting in "$@"; do configs="$configs --config $setting"; done
  # shellcheck disable=SC2086
  /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic "$name" \
    --partitions 1 --replication-factor 1 $configs
}

topic mail.accepted cleanup.policy=delete flush.messages=1 max.message.bytes=4194304 retention.bytes=-1 retention.ms=-1
topic mail.routed cleanup.policy=delete flush.messages=1 max.message.bytes=4194304 retention.bytes=-1 retention.ms=-1
topic mail.failed cleanup.policy=delete flush.messages=1 max.message.bytes=4194304 retention.bytes=-1 retention.ms=-1
topic maildrop.updated cleanup.policy=delete flush.messages=1 max.message.bytes=4194304 retention.bytes=-1 retention.ms=-1
topic mail.directory cleanup.policy=compact delete.retention.ms=2592000000 flush.messages=1 max.message.bytes=4194304 retention.bytes=-1 retention.ms=-1
topic mail.trail cleanup.policy=delete max.message.bytes=4194304 retention.bytes=-1 retention.ms=-1
topic delivery.dead-letter cleanup.policy=delete flush.messages=1 max.message.bytes=4194304 retention.bytes=-1 retention.ms=-1
topic mailbox.dead-letter cleanup.policy=delete flush.messages=1 max.message.bytes=4194304 retention.bytes=-1 retention.ms=-1
