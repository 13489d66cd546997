package org.postbus.smtpgateway.filter;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.postbus.protocol.smtp.Replies;

/** Reads what Rspamd answers: an action, and fields to add and to remove as it tells milters. */
final class RspamdAnswer {

    private RspamdAnswer() {
    }

    /** Fails where it is none. */
    static Future<Verdict> verdict(Buffer body) {
        try {
            return Future.succeededFuture(verdict(body.toJsonObject()));
        } catch (RuntimeException e) {
            return Future.failedFuture("Rspamd's answer is none: " + e.getMessage());
        }
    }

    private static Verdict verdict(JsonObject answer) {
        String action = answer.getString("action", "");
        return switch (action) {
            case "reject" -> new Verdict.Refuse(Replies.filtered(message(answer, "Message refused by content filter")));
            case "soft reject" -> new Verdict.Refuse(Replies.deferred(message(answer, "Try again later")));
            case "no action", "greylist", "add header", "rewrite subject", "quarantine", "discard" -> accept(action, answer);
            default -> throw new IllegalArgumentException("no known action");
        };
    }

    /** A promise that a mail arrives is kept: what others would throw away without a word is held back for people. */
    private static Verdict accept(String action, JsonObject answer) {
        Edits edits = new Edits();
        JsonObject milter = answer.getJsonObject("milter", new JsonObject());
        added(milter.getValue("add_headers"), edits);
        Object removed = milter.getValue("remove_headers");
        if (removed instanceof JsonObject names) {
            names.fieldNames().forEach(edits::remove);
        }
        if (!action.equals("no action") && !action.equals("greylist")) {
            edits.remove("X-Spam");
            edits.add("X-Spam", "Yes");
        }
        if (action.equals("quarantine") || action.equals("discard")) {
            edits.quarantine("Rspamd: " + action);
        }
        return new Verdict.Accept(edits.result());
    }

    /** A name with a value, an object that has it as {@code value}, or several of them. */
    private static void added(Object fields, Edits edits) {
        if (fields instanceof JsonObject byName) {
            for (Map.Entry<String, Object> field : byName) {
                add(field.getKey(), field.getValue(), edits);
            }
        }
    }

    private static void add(String name, Object value, Edits edits) {
        switch (value) {
            case String text -> edits.add(name, text);
            case JsonObject one -> add(name, one.getValue("value"), edits);
            case JsonArray several -> several.forEach(one -> add(name, one, edits));
            case null, default -> { }
        }
    }

    private static String message(JsonObject answer, String otherwise) {
        Object messages = answer.getValue("messages");
        return messages instanceof JsonObject texts && texts.getValue("smtp_message") instanceof String text ? text : otherwise;
    }
}
