package org.postbus.protocol.transcript;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server line with placeholders, as {@link org.postbus.protocol.transcript} describes them. */
public record LinePattern(String text) {

    private static final Pattern TOKEN = Pattern.compile(
            "\\\\\\{|\\{\\*}|\\{([A-Za-z][A-Za-z0-9]*)(?::(n|id))?}|[^\\\\{]+|\\\\[^{]|\\{");
    private static final String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

    /**
     * Whether the line matches; on a match the new captures are put into {@code captures}.
     *
     * @param captures the names seen so far in this session, with their text
     */
    public boolean matches(String line, Map<String, String> captures) {
        Set<String> fresh = new LinkedHashSet<>();
        Matcher match = Pattern.compile(regex(captures, fresh), Pattern.DOTALL).matcher(line);
        if (!match.matches()) {
            return false;
        }
        fresh.forEach(name -> captures.put(name, match.group(name)));
        return true;
    }

    private String regex(Map<String, String> captures, Set<String> fresh) {
        StringBuilder regex = new StringBuilder();
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            String name = token.group(1);
            if (token.group().equals("{*}")) {
                regex.append(".*");
            } else if (name == null) {
                regex.append(Pattern.quote(literal(token.group())));
            } else if (captures.containsKey(name)) {
                regex.append(Pattern.quote(captures.get(name)));
            } else {
                regex.append(fresh.add(name) ? capture(name, token.group(2)) : "\\k<" + name + ">");
            }
        }
        return regex.toString();
    }

    private static String literal(String token) {
        return token.equals("\\{") ? "{" : token;
    }

    private static String capture(String name, String kind) {
        String inner = kind == null ? ".+?" : kind.equals("n") ? "[0-9]+" : UUID;
        return "(?<" + name + ">" + inner + ")";
    }

    @Override
    public String toString() {
        return text;
    }
}
