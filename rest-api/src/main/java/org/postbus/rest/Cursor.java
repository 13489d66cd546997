package org.postbus.rest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Where a listing goes on: the key of the last row shown, as opaque text. */
public final class Cursor {

    private static final int MAX_LENGTH = 1024;

    private Cursor() {
    }

    public static String encode(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws ProblemException if it cannot be one of ours */
    public static String decode(String cursor) {
        if (cursor.length() > MAX_LENGTH) {
            throw ProblemType.BAD_CURSOR.because("the cursor is too long");
        }
        try {
            byte[] key = Base64.getUrlDecoder().decode(cursor);
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
            if (text.indexOf('\0') >= 0) {
                throw ProblemType.BAD_CURSOR.because("the cursor is none of this server's");
            }
            return text;
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw ProblemType.BAD_CURSOR.because("the cursor is none of this server's");
        }
    }
}
