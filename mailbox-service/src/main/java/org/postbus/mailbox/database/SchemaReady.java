package org.postbus.mailbox.database;

/** The schema is new enough. Fired once; who works with it by himself, not for a request, begins then. */
public record SchemaReady() {}
